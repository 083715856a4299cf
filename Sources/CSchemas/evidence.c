#include "CSchemas.h"

static const uint8_t readme[] = {
#embed "../../Replay/Evidence/README.txt"
};
static const uint8_t script[] = {
#embed "../../Replay/Evidence/check.py"
};

const struct embedded_file evidence_readme = {"README.txt", readme, sizeof readme};
const struct embedded_file evidence_script = {"check.py", script, sizeof script};
