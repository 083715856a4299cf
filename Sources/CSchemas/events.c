#include "CSchemas.h"

static const uint8_t account_closed_1[] = {
#embed "../../Schemas/events/account.closed.1.schema.json"
};
static const uint8_t account_opened_1[] = {
#embed "../../Schemas/events/account.opened.1.schema.json"
};
static const uint8_t account_renamed_1[] = {
#embed "../../Schemas/events/account.renamed.1.schema.json"
};
static const uint8_t account_resumed_1[] = {
#embed "../../Schemas/events/account.resumed.1.schema.json"
};
static const uint8_t account_suspended_1[] = {
#embed "../../Schemas/events/account.suspended.1.schema.json"
};
static const uint8_t alert_raised_1[] = {
#embed "../../Schemas/events/alert.raised.1.schema.json"
};
static const uint8_t audit_read_1[] = {
#embed "../../Schemas/events/audit.read.1.schema.json"
};
static const uint8_t audit_read_2[] = {
#embed "../../Schemas/events/audit.read.2.schema.json"
};
static const uint8_t authentication_denied_1[] = {
#embed "../../Schemas/events/authentication.denied.1.schema.json"
};
static const uint8_t billing_charged_1[] = {
#embed "../../Schemas/events/billing.charged.1.schema.json"
};
static const uint8_t client_added_1[] = {
#embed "../../Schemas/events/client.added.1.schema.json"
};
static const uint8_t client_added_2[] = {
#embed "../../Schemas/events/client.added.2.schema.json"
};
static const uint8_t client_deleted_1[] = {
#embed "../../Schemas/events/client.deleted.1.schema.json"
};
static const uint8_t client_disabled_1[] = {
#embed "../../Schemas/events/client.disabled.1.schema.json"
};
static const uint8_t client_edited_1[] = {
#embed "../../Schemas/events/client.edited.1.schema.json"
};
static const uint8_t client_enabled_1[] = {
#embed "../../Schemas/events/client.enabled.1.schema.json"
};
static const uint8_t client_owner_changed_1[] = {
#embed "../../Schemas/events/client.owner_changed.1.schema.json"
};
static const uint8_t client_renamed_1[] = {
#embed "../../Schemas/events/client.renamed.1.schema.json"
};
static const uint8_t client_revoked_1[] = {
#embed "../../Schemas/events/client.revoked.1.schema.json"
};
static const uint8_t domain_added_1[] = {
#embed "../../Schemas/events/domain.added.1.schema.json"
};
static const uint8_t domain_changed_1[] = {
#embed "../../Schemas/events/domain.changed.1.schema.json"
};
static const uint8_t domain_removed_1[] = {
#embed "../../Schemas/events/domain.removed.1.schema.json"
};
static const uint8_t envelope[] = {
#embed "../../Schemas/events/envelope.schema.json"
};
static const uint8_t key_activated_1[] = {
#embed "../../Schemas/events/key.activated.1.schema.json"
};
static const uint8_t ledger_continued_1[] = {
#embed "../../Schemas/events/ledger.continued.1.schema.json"
};
static const uint8_t ledger_created_1[] = {
#embed "../../Schemas/events/ledger.created.1.schema.json"
};
static const uint8_t plan_activated_1[] = {
#embed "../../Schemas/events/plan.activated.1.schema.json"
};
static const uint8_t plan_activated_2[] = {
#embed "../../Schemas/events/plan.activated.2.schema.json"
};
static const uint8_t plan_defined_1[] = {
#embed "../../Schemas/events/plan.defined.1.schema.json"
};
static const uint8_t plan_revised_1[] = {
#embed "../../Schemas/events/plan.revised.1.schema.json"
};
static const uint8_t policy_revised_1[] = {
#embed "../../Schemas/events/policy.revised.1.schema.json"
};
static const uint8_t project_created_1[] = {
#embed "../../Schemas/events/project.created.1.schema.json"
};
static const uint8_t project_deleted_1[] = {
#embed "../../Schemas/events/project.deleted.1.schema.json"
};
static const uint8_t project_edited_1[] = {
#embed "../../Schemas/events/project.edited.1.schema.json"
};
static const uint8_t role_defined_1[] = {
#embed "../../Schemas/events/role.defined.1.schema.json"
};
static const uint8_t role_granted_1[] = {
#embed "../../Schemas/events/role.granted.1.schema.json"
};
static const uint8_t role_removed_1[] = {
#embed "../../Schemas/events/role.removed.1.schema.json"
};
static const uint8_t role_revised_1[] = {
#embed "../../Schemas/events/role.revised.1.schema.json"
};
static const uint8_t role_withdrawn_1[] = {
#embed "../../Schemas/events/role.withdrawn.1.schema.json"
};
static const uint8_t scope_defined_1[] = {
#embed "../../Schemas/events/scope.defined.1.schema.json"
};
static const uint8_t scope_edited_1[] = {
#embed "../../Schemas/events/scope.edited.1.schema.json"
};
static const uint8_t scope_removed_1[] = {
#embed "../../Schemas/events/scope.removed.1.schema.json"
};
static const uint8_t secret_revoked_1[] = {
#embed "../../Schemas/events/secret.revoked.1.schema.json"
};
static const uint8_t secret_revoked_2[] = {
#embed "../../Schemas/events/secret.revoked.2.schema.json"
};
static const uint8_t secret_rotated_1[] = {
#embed "../../Schemas/events/secret.rotated.1.schema.json"
};
static const uint8_t token_issued_1[] = {
#embed "../../Schemas/events/token.issued.1.schema.json"
};
static const uint8_t token_issued_2[] = {
#embed "../../Schemas/events/token.issued.2.schema.json"
};
static const uint8_t token_revoked_1[] = {
#embed "../../Schemas/events/token.revoked.1.schema.json"
};
static const uint8_t values[] = {
#embed "../../Schemas/events/values.schema.json"
};

static const struct embedded_file schemas[] = {
    {"account.closed.1.schema.json", account_closed_1, sizeof account_closed_1},
    {"account.opened.1.schema.json", account_opened_1, sizeof account_opened_1},
    {"account.renamed.1.schema.json", account_renamed_1, sizeof account_renamed_1},
    {"account.resumed.1.schema.json", account_resumed_1, sizeof account_resumed_1},
    {"account.suspended.1.schema.json", account_suspended_1, sizeof account_suspended_1},
    {"alert.raised.1.schema.json", alert_raised_1, sizeof alert_raised_1},
    {"audit.read.1.schema.json", audit_read_1, sizeof audit_read_1},
    {"audit.read.2.schema.json", audit_read_2, sizeof audit_read_2},
    {"authentication.denied.1.schema.json", authentication_denied_1, sizeof authentication_denied_1},
    {"billing.charged.1.schema.json", billing_charged_1, sizeof billing_charged_1},
    {"client.added.1.schema.json", client_added_1, sizeof client_added_1},
    {"client.added.2.schema.json", client_added_2, sizeof client_added_2},
    {"client.deleted.1.schema.json", client_deleted_1, sizeof client_deleted_1},
    {"client.disabled.1.schema.json", client_disabled_1, sizeof client_disabled_1},
    {"client.edited.1.schema.json", client_edited_1, sizeof client_edited_1},
    {"client.enabled.1.schema.json", client_enabled_1, sizeof client_enabled_1},
    {"client.owner_changed.1.schema.json", client_owner_changed_1, sizeof client_owner_changed_1},
    {"client.renamed.1.schema.json", client_renamed_1, sizeof client_renamed_1},
    {"client.revoked.1.schema.json", client_revoked_1, sizeof client_revoked_1},
    {"domain.added.1.schema.json", domain_added_1, sizeof domain_added_1},
    {"domain.changed.1.schema.json", domain_changed_1, sizeof domain_changed_1},
    {"domain.removed.1.schema.json", domain_removed_1, sizeof domain_removed_1},
    {"envelope.schema.json", envelope, sizeof envelope},
    {"key.activated.1.schema.json", key_activated_1, sizeof key_activated_1},
    {"ledger.continued.1.schema.json", ledger_continued_1, sizeof ledger_continued_1},
    {"ledger.created.1.schema.json", ledger_created_1, sizeof ledger_created_1},
    {"plan.activated.1.schema.json", plan_activated_1, sizeof plan_activated_1},
    {"plan.activated.2.schema.json", plan_activated_2, sizeof plan_activated_2},
    {"plan.defined.1.schema.json", plan_defined_1, sizeof plan_defined_1},
    {"plan.revised.1.schema.json", plan_revised_1, sizeof plan_revised_1},
    {"policy.revised.1.schema.json", policy_revised_1, sizeof policy_revised_1},
    {"project.created.1.schema.json", project_created_1, sizeof project_created_1},
    {"project.deleted.1.schema.json", project_deleted_1, sizeof project_deleted_1},
    {"project.edited.1.schema.json", project_edited_1, sizeof project_edited_1},
    {"role.defined.1.schema.json", role_defined_1, sizeof role_defined_1},
    {"role.granted.1.schema.json", role_granted_1, sizeof role_granted_1},
    {"role.removed.1.schema.json", role_removed_1, sizeof role_removed_1},
    {"role.revised.1.schema.json", role_revised_1, sizeof role_revised_1},
    {"role.withdrawn.1.schema.json", role_withdrawn_1, sizeof role_withdrawn_1},
    {"scope.defined.1.schema.json", scope_defined_1, sizeof scope_defined_1},
    {"scope.edited.1.schema.json", scope_edited_1, sizeof scope_edited_1},
    {"scope.removed.1.schema.json", scope_removed_1, sizeof scope_removed_1},
    {"secret.revoked.1.schema.json", secret_revoked_1, sizeof secret_revoked_1},
    {"secret.revoked.2.schema.json", secret_revoked_2, sizeof secret_revoked_2},
    {"secret.rotated.1.schema.json", secret_rotated_1, sizeof secret_rotated_1},
    {"token.issued.1.schema.json", token_issued_1, sizeof token_issued_1},
    {"token.issued.2.schema.json", token_issued_2, sizeof token_issued_2},
    {"token.revoked.1.schema.json", token_revoked_1, sizeof token_revoked_1},
    {"values.schema.json", values, sizeof values},
};

const struct embedded_file *event_schemas(void) { return schemas; }
size_t event_schema_count(void) { return sizeof schemas / sizeof *schemas; }
