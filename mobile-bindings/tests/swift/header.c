// Asks the library through the generated header which contract the two speak.

#include <stdio.h>

// Words of Clang's, which Swift reads.
#ifndef __clang__
#define _Nonnull
#define _Nullable
#endif
#include "DutylogKitFFI.h"

int main(void) {
    printf("contract %u\n", (unsigned)ffi_dutylog_uniffi_contract_version());
    return 0;
}
