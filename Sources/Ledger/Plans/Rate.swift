package import CanonicalJSON

/// What one unit of something costs under a plan, in one currency.
package struct Rate: CanonicalObject, Hashable {
  package enum Item: String, Sendable, CaseIterable {
    /// Charged once for every client that is added.
    case applicationFee = "application_fee"
  }

  package let item: Item
  package let price: Money

  package init(_ item: Item, _ price: Money) {
    self.item = item
    self.price = price
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    item = try reader.choice("item", Item.self)
    price = try Money(from: &reader)
  }

  package func write(to writer: inout JSONWriter) {
    price.write(to: &writer) { $0.member("item", item.rawValue) }
  }
}
