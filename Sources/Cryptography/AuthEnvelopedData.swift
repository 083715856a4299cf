import COpenSSL

/// Messages that the holder of one private key can open, and that nobody can change: AuthEnvelopedData
/// of the Cryptographic Message Syntax (RFC 5083) with AES-256-GCM (RFC 5084), as PEM (RFC 7468 §9).
/// `openssl cms -decrypt -inform PEM` opens them.
package enum AuthEnvelopedData {
  /// - Parameter recipient: a certificate with an elliptic-curve key (ECDH, RFC 5753, with SHA-256)
  ///   or an RSA key of 2,048 bits or more (OAEP, RFC 3560, with SHA-256).
  /// - Throws: `invalidKey` for a certificate of another kind.
  package static func encrypt(
    _ content: [UInt8], to recipient: Certificate
  ) throws(CryptographyError) -> [UInt8] {
    let message = try unsafe CryptographyError.make(encrypting) {
      unsafe CMS_encrypt(nil, nil, EVP_aes_256_gcm(), UInt32(CMS_PARTIAL | CMS_BINARY))
    }
    defer { unsafe CMS_ContentInfo_free(message) }
    try unsafe recipient.withPointer { (certificate) throws(CryptographyError) in
      try unsafe add(certificate, to: message)
    }
    try unsafe finish(message, content)
    return try unsafe written(encrypting) { unsafe PEM_write_bio_CMS($0, message) }
  }

  /// The content of a message.
  ///
  /// - Parameter key: the recipient's private key as unencrypted PEM.
  /// - Throws: `invalidKey` when that is none; `invalidMessage` when it does not open the message,
  ///   or the message was changed.
  package static func decrypt(
    _ text: [UInt8], with key: [UInt8]
  ) throws(CryptographyError) -> [UInt8] {
    let key = try PEM.privateKey(key)
    let message = try unsafe PEM.read(text, decrypting, otherwise: .invalidMessage) {
      unsafe PEM_read_bio_CMS($0, nil, refusePassphrase, nil)
    }
    defer { unsafe CMS_ContentInfo_free(message) }
    guard unsafe OBJ_obj2nid(CMS_get0_type(message)) == NID_id_smime_ct_authEnvelopedData else {
      throw CryptographyError(.invalidMessage, decrypting, reasons: ["no AuthEnvelopedData"])
    }
    return try unsafe written(decrypting, otherwise: .invalidMessage) { sink in
      unsafe key.withPointer {
        unsafe CMS_decrypt(message, $0, nil, nil, sink, UInt32(CMS_BINARY))
      }
    }
  }

  private static let encrypting = "encrypting to a certificate"
  private static let decrypting = "decrypting"

  private static func add(
    _ certificate: OpaquePointer, to message: OpaquePointer
  ) throws(CryptographyError) {
    guard let key = unsafe X509_get0_pubkey(certificate), unsafe isUsable(key) else {
      throw CryptographyError(
        .invalidKey, encrypting,
        reasons: ["the certificate has neither an EC key nor an RSA key of 2,048 bits or more"])
    }
    let info = try unsafe CryptographyError.make(encrypting, otherwise: .invalidKey) {
      unsafe CMS_add1_recipient_cert(message, certificate, UInt32(CMS_KEY_PARAM))
    }
    let context = unsafe CMS_RecipientInfo_get0_pkey_ctx(info)
    try CryptographyError.check(encrypting) {
      unsafe EVP_PKEY_is_a(key, "EC") == 1
        ? EVP_PKEY_CTX_set_ecdh_kdf_md(context, EVP_sha256())
        : useOAEP(context)
    }
  }

  private static func isUsable(_ key: OpaquePointer) -> Bool {
    unsafe EVP_PKEY_is_a(key, "EC") == 1
      || EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) >= 2_048
  }

  private static func useOAEP(_ context: OpaquePointer?) -> Int32 {
    guard unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 else {
      return 0
    }
    return unsafe EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256())
  }

  private static func finish(
    _ message: OpaquePointer, _ content: [UInt8]
  ) throws(CryptographyError) {
    try CryptographyError.check(encrypting) {
      unsafe content.span.withUnsafeBufferPointer { content in
        guard let source = unsafe BIO_new_mem_buf(content.baseAddress, Int32(content.count)) else {
          return 0
        }
        defer { unsafe BIO_free(source) }
        return unsafe CMS_final(message, source, nil, UInt32(CMS_BINARY))
      }
    }
  }

  /// What a function of OpenSSL writes that answers 1 for success.
  private static func written(
    _ operation: String, otherwise code: CryptographyError.Code = .libraryFailure,
    _ body: (OpaquePointer) -> Int32
  ) throws(CryptographyError) -> [UInt8] {
    let sink = try unsafe CryptographyError.make(operation) { unsafe BIO_new(BIO_s_mem()) }
    defer { unsafe BIO_free(sink) }
    try CryptographyError.check(operation, otherwise: code) { unsafe body(sink) }
    return unsafe PEM.contents(of: sink)
  }
}
