import CanonicalJSON

/// What an event is in OCSF: its class, what was done, how grave it is, and the members that are its
/// class's own.
struct OCSFRecord {
  /// The classes that events fall into, with their `class_uid`.
  enum Kind: Int64 {
    case detectionFinding = 2004
    case accountChange = 3001
    case authentication = 3002
    case userAccessManagement = 3005
    case apiActivity = 6003
  }

  /// `severity_id`.
  enum Severity: Int64 {
    case informational = 1
    case low = 2
    case medium = 3
  }

  /// `activity_id` of a class and its caption.
  struct Activity {
    let id: Int64
    let name: String

    /// One that the class has no number for.
    static func other(_ name: String) -> Activity { Activity(id: 99, name: name) }
  }

  let kind: Kind
  let activity: Activity
  var severity = Severity.informational
  /// `status_id`: 1 success, 2 failure. Of a finding: 1 new.
  var status: Int64 = 1
  let members: [JSON.Member]
}

extension OCSFRecord.Activity {
  // Account Change
  static let createUser = Self(id: 1, name: "Create")
  static let enableUser = Self(id: 2, name: "Enable")
  static let changePassword = Self(id: 3, name: "Password Change")
  static let disableUser = Self(id: 5, name: "Disable")
  static let deleteUser = Self(id: 6, name: "Delete")
  // Authentication
  static let logOn = Self(id: 1, name: "Logon")
  static let logOff = Self(id: 2, name: "Logoff")
  // User Access Management
  static let assignPrivileges = Self(id: 1, name: "Assign Privileges")
  static let revokePrivileges = Self(id: 2, name: "Revoke Privileges")
  // API Activity, and Detection Finding for the first
  static let create = Self(id: 1, name: "Create")
  static let read = Self(id: 2, name: "Read")
  static let update = Self(id: 3, name: "Update")
  static let delete = Self(id: 4, name: "Delete")
}
