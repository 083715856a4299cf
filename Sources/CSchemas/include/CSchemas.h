#pragma once

#include <stddef.h>
#include <stdint.h>

// Schemas/openapi.json, as it was when the program was built. Stands for ever; not ended by a NUL.
const uint8_t *openapi_bytes(void);
size_t openapi_size(void);
