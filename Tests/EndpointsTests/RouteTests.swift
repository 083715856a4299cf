import Testing

@testable import Endpoints

@Suite("Routes")
struct RouteTests {
  @Test("every template is the path of its route", arguments: Route.allCases.dropFirst())
  func templates(_ route: Route) {
    let count = route.template.split(separator: "{id}", omittingEmptySubsequences: false).count - 1
    let found = Route.find(route.template.replacing("{id}", with: "x"))
    #expect(found.route == route)
    #expect(found.ids == Array(repeating: "x", count: count))
  }

  @Test("identifiers are told apart")
  func identifiers() {
    let found = Route.find("/admin/clients/cli_1/secrets/sec_2")
    #expect(found.route == .secret)
    #expect(found.ids == ["cli_1", "sec_2"])
    #expect(Route.find("/admin/plans/{id}").ids == ["{id}"])
    #expect(Route.find("/admin/plans/").ids == [""])
  }

  @Test(
    "anything else is the one route for nothing",
    arguments: [
      "/", "/other", "/admin", "/admin/", "/admin//", "/admin/nothing", "/admin/tokens/x/y",
      "/admin/{id}", "/admin/clients/x/other", "/admin/clients/x/secrets/y/z", "/metrics/",
      "/Healthz",
    ])
  func nothing(_ path: String) {
    #expect(Route.find(path).route == .other)
  }

  @Test("no two routes have one template")
  func distinct() {
    #expect(Set(Route.allCases.map(\.template)).count == Route.allCases.count)
  }
}
