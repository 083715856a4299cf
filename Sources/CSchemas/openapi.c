#include "CSchemas.h"

static const uint8_t bytes[] = {
#embed "../../Schemas/openapi.json"
};

const uint8_t *openapi_bytes(void) { return bytes; }
size_t openapi_size(void) { return sizeof bytes; }
