#pragma once

#include <stddef.h>
#include <stdint.h>

// Files as they were when the program was built. Their bytes stand for ever and are not ended by a
// NUL.

// Schemas/openapi.json
const uint8_t *openapi_bytes(void);
size_t openapi_size(void);

struct embedded_file {
    const char *name;
    const uint8_t *bytes;
    size_t size;
};

// The files of Schemas/events, in the order of their names.
const struct embedded_file *event_schemas(void);
size_t event_schema_count(void);

// What stands in every evidence bundle: Replay/Evidence/README.txt and check.py.
extern const struct embedded_file evidence_readme;
extern const struct embedded_file evidence_script;
