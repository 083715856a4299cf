extension FieldReader {
  /// A list of 1 to 100 `{"item","amount","currency"}`, no item twice in one currency.
  mutating func rates(_ field: String) -> [Rate] {
    let rates = list(field, count: 1...100) { (item: inout FieldReader) in
      Rate(
        item.choice("item", nil, among: [Rate.Item.applicationFee]),
        Money(
          item.integer("amount", in: 0...1_000_000_000_000),
          item.currency("currency")))
    }
    if Set(rates.map { "\($0.item.rawValue) \($0.price.currency.code)" }).count < rates.count {
      report(field, "must not price an item twice in one currency")
    }
    return rates
  }
}
