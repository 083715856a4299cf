import CanonicalJSON

/// An amount in whole minor units of a currency: 1250 USD with exponent 2 is twelve dollars fifty.
package struct Money: Sendable, Hashable {
  /// Minor units.
  package let amount: Int64
  package let currency: Currency

  package init(_ amount: Int64, _ currency: Currency) {
    self.amount = amount
    self.currency = currency
  }

  init(from reader: inout ObjectReader) throws(MalformedObject) {
    amount = try reader.integer("amount")
    let code = try reader.string("currency")
    guard let currency = Currency(code), currency.exponent == (try reader.integer("exponent"))
    else { throw reader.malformed("currency", "and exponent do not belong together") }
    self.currency = currency
  }

  /// Writes `amount`, `currency` and `exponent`, then what sorts after them.
  func write(to writer: inout JSONWriter, then rest: (inout JSONWriter) -> Void) {
    writer.member("amount", amount)
    writer.member("currency", currency.code)
    writer.member("exponent", currency.exponent)
    rest(&writer)
  }
}

/// An ISO 4217 currency and the number of its decimals.
package struct Currency: Sendable, Hashable {
  package let code: String
  /// Decimals between the major and the minor unit: JPY 0, USD 2, KWD 3.
  package let exponent: Int64

  /// Nil for a code that ISO 4217 does not list as money in circulation.
  package init?(_ code: String) {
    // Strings that Unicode holds equal need not be the same bytes: K has a twin, U+212A.
    guard code.utf8.count == 3, let exponent = Self.exponents[code] else { return nil }
    self.code = code
    self.exponent = exponent
  }

  private static let exponents: [String: Int64] = {
    var exponents: [String: Int64] = [:]
    for (exponent, codes) in byExponent {
      for code in codes.split(whereSeparator: \.isWhitespace) { exponents[String(code)] = exponent }
    }
    return exponents
  }()

  /// ISO 4217 list one, active codes, without funds, metals and test codes.
  private static let byExponent: [(Int64, String)] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (
      2,
      """
      AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
      CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD
      HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA
      MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN
      QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
      TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
      """
    ),
  ]
}
