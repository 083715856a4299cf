enum Help {
  /// What asks for help wherever it stands.
  static let flags: Set = ["--help", "-h"]

  static let text = """
    Tallystick is an event-sourced credential ledger: an OAuth 2.0 server whose every action is an
    event in a log, and whose state can be rebuilt from that log alone.

    usage: tallystick init  --data DIR [--issuer URL] [--origin NAME] [--json]
           tallystick init  --data DIR --recover [--json]
           tallystick serve --data DIR [--listen ADDRESS,…]
                            [--tls-certificate FILE --tls-key FILE [--client-ca FILE]]
                            [--trusted-proxy NETWORK,…] [--drain-delay SECONDS] [--loops N]
                            [--log-requests] [--confirm-clock] [--confirm-checkpoint]
           tallystick replay COMMAND --data DIR [--json]
           tallystick --version

    init     Begins a ledger in DIR, which must be empty or missing: plan "standard", an account, a
             project and an operator client. Prints the operator's client id and secret, once.
             --issuer URL        the iss of every token (default http://127.0.0.1:8080)
             --origin NAME       the name of the log in its checkpoints (default: the issuer
                                 without scheme)
             --json              prints one JSON object
             --recover           adds an owner to the ledger that is in DIR, for the day on which
                                 every owner's secret is lost; the server must not run. The log
                                 says so. Prints its client id and secret, once

    serve    Serves the ledger until SIGTERM or SIGINT; a second one ends it at once.
             --listen ADDRESS,…  HOST:PORT with a numeric host (port 0 picks one), unix:PATH, or
                                 systemd for the sockets that it hands over
                                 (default 127.0.0.1:8080)
             --tls-certificate FILE, --tls-key FILE
                                 speak TLS 1.2 and 1.3 on all addresses but unix:PATH; PEM, the
                                 certificate with its chain. SIGHUP reads the files again
             --client-ca FILE    ask clients for a certificate of these authorities; who has none
                                 is served all the same
             --trusted-proxy NETWORK,…
                                 who may say for whom a request is made, and by which name of
                                 the server (X-Forwarded-For, X-Forwarded-Host): networks such as
                                 10.0.0.0/8, addresses, or unix. Without TLS an address off loopback
                                 serves these proxies alone
             --drain-delay SECONDS
                                 0 to 8 (default 0): from SIGTERM on /readyz says 503; so long
                                 requests are still taken before the server stops listening
             --loops N           threads that serve, 1 to 256 (default: one for each core)
             --log-requests      one line for every request: method, path, status, microseconds,
                                 peer, request id, certificate
             --confirm-clock     the machine's clock is right, although it is behind the log
             --confirm-checkpoint
                                 the last signed checkpoint, or the key that signs checkpoints, is
                                 lost, and the log is known to be whole: sign for what is there, at
                                 this start. A log that contradicts its checkpoint is refused all
                                 the same

    replay   Reads the log alone; sends nothing. Each command has its own --help.

    \(ReplayCommand.summaries(indentedBy: 13))

    Every flag can be given in the environment: --data DIR as TALLYSTICK_DATA=DIR, --json as
    TALLYSTICK_JSON=1.

    exit status: 0 done, 1 the answer is no (a bad event, a difference), or the server had to stop or
                 cannot start now (a port or a ledger in use), 2 the call was wrong, 3 the data
                 could not be read
    """
}
