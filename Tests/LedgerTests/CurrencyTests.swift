import Ledger
import Testing

/// ISO 4217.
@Suite("Currencies")
struct CurrencyTests {
  @Test(
    "decimals",
    arguments: [
      ("JPY", 0), ("KRW", 0), ("ISK", 0), ("VND", 0), ("USD", 2), ("EUR", 2), ("MYR", 2),
      ("MGA", 2), ("KES", 2), ("KWD", 3), ("BHD", 3), ("TND", 3),
    ] as [(String, Int64)])
  func decimals(_ code: String, _ exponent: Int64) throws {
    let currency = try #require(Currency(code))
    #expect(currency.exponent == exponent)
    #expect(currency.code == code)
  }

  @Test(
    "codes that are no money in circulation",
    arguments: ["", "usd", "Usd", "US", "USDT", " USD", "USD\n", "XAU", "XXX", "XTS", "CLF", "DEM"])
  func unknown(_ code: String) { #expect(Currency(code) == nil) }

  /// U+212A KELVIN SIGN is equal to K where strings are compared by meaning.
  @Test("codes are compared by their bytes", arguments: ["\u{212A}WD", "\u{212A}ES", "P\u{212A}R"])
  func lookalikes(_ code: String) { #expect(Currency(code) == nil) }
}
