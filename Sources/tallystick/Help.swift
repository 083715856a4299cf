enum Help {
  static let text = """
    Tallystick is an event-sourced credential ledger: an OAuth 2.0 server whose every action is an
    event in a log, and whose state can be rebuilt from that log alone.

    usage: tallystick init  --data DIR [--issuer URL] [--origin NAME] [--json]
           tallystick serve --data DIR [--listen HOST:PORT] [--loops N] [--log-requests]
                            [--confirm-clock]
           tallystick replay verify|rebuild|compare --data DIR [--json]

    init     Begins a ledger in DIR, which must be empty or missing: plan "standard", an account, a
             project and an operator client. Prints the operator's client id and secret, once.
             --issuer URL        the iss of every token (default http://127.0.0.1:8080)
             --origin NAME       the name of the log in its checkpoints (default: the issuer
                                 without scheme)
             --json              prints one JSON object

    serve    Serves the ledger until SIGTERM or SIGINT.
             --listen HOST:PORT  a loopback address; port 0 picks one (default 127.0.0.1:8080)
             --loops N           threads that serve, 1 to 256 (default: one for each core)
             --log-requests      one line for every request: method, path, status, microseconds
             --confirm-clock     the machine's clock is right, although it is behind the log

    replay   Reads the log alone; sends nothing.
             verify              checks every event: canonical form, schema, position, order of
                                 time, whole commands
             rebuild             replaces the state with one made from the log; the server must not
                                 run
             compare             rebuilds the state in a temporary directory (TMPDIR) and compares
                                 its digest with the live one; works beside a running server
             --json              prints one JSON object

    Every flag can be given in the environment: --data DIR as TALLYSTICK_DATA=DIR, --json as
    TALLYSTICK_JSON=1.

    exit status: 0 done, 1 the answer is no (a bad event, a difference) or the server had to stop,
                 2 the call was wrong, 3 the data could not be read
    """
}
