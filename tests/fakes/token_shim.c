/* A PKCS#11 module in front of SoftHSM that misbehaves on demand. Compiled by tests/fakes/token_shim.py.
 *
 * SHIM_REAL   the module behind it
 * SHIM_STATE  a file of "wrong-tries logins signatures", kept between processes as a token keeps its counters
 * SHIM_MODES  words, any of:
 *   locks               three wrong PINs lock; the flags of CK_TOKEN_INFO tell
 *   silent_locks        the same, and the flags never tell
 *   hang_load crash_load hang_login crash_login hang_sign crash_sign
 *   odd_login           C_Login answers a vendor's own code
 *   zero_lengths        every question for a length is answered with 0, and C_Sign leaves 0 in it
 *   raw_only            CKM_RSA_PKCS alone
 *   no_mechanism_list   C_GetMechanismList is not supported
 *   own_entry           the token asks by itself: C_Login takes no PIN from us and counts one that is sent as wrong
 *   no_sessions         C_OpenSession answers CKR_SESSION_COUNT
 *   foreign_slots       a slot that cannot be read, and one that is empty, stand before the real ones
 *   removed_sign        at C_Sign the token is gone, and stays gone
 *   chatty              writes on standard output and standard error whenever it is called
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ulong_t;
typedef struct { unsigned char version[2]; void *f[68]; } functions_t;
typedef struct { unsigned char text[96]; ulong_t flags; } token_info_t;   /* what matters of CK_TOKEN_INFO */
typedef struct { ulong_t type; void *value; ulong_t length; } pair_t;

enum { INITIALIZE = 0, SLOT_LIST = 4, SLOT_INFO = 5, TOKEN_INFO = 6, MECHANISM_LIST = 7, OPEN_SESSION = 12, LOGIN = 18,
       SIGN_INIT = 42, SIGN = 43 };
enum { FOREIGN_SLOT = 7001, EMPTY_SLOT = 7002 };

static functions_t *real, ours;
static int removed;

static int mode(const char *name) {
    const char *modes = getenv("SHIM_MODES");
    char padded[512], wanted[64];
    snprintf(padded, sizeof padded, " %s ", modes ? modes : "");
    snprintf(wanted, sizeof wanted, " %s ", name);
    return strstr(padded, wanted) != NULL;
}

static void misbehave(const char *where) {
    char name[64];
    if (mode("chatty")) { printf("chatty driver in %s\n", where); fprintf(stderr, "driver: %s\n", where); fflush(NULL); }
    snprintf(name, sizeof name, "hang_%s", where);
    if (mode(name)) for (;;) pause();
    snprintf(name, sizeof name, "crash_%s", where);
    if (mode(name)) abort();
}

static void state(int *wrong, int *logins, int *signatures, int write) {
    FILE *file = fopen(getenv("SHIM_STATE"), write ? "w" : "r");
    if (!write) *wrong = *logins = *signatures = 0;
    if (!file) return;
    if (write) fprintf(file, "%d %d %d\n", *wrong, *logins, *signatures);
    else if (fscanf(file, "%d %d %d", wrong, logins, signatures) != 3) *wrong = *logins = *signatures = 0;
    fclose(file);
}

static ulong_t initialize(void *arguments) {
    misbehave("load");
    return ((ulong_t (*)(void *))real->f[INITIALIZE])(arguments);
}

static ulong_t slot_list(unsigned char present, ulong_t *slots, ulong_t *count) {
    ulong_t room = *count, code = ((ulong_t (*)(unsigned char, ulong_t *, ulong_t *))real->f[SLOT_LIST])(present, slots, count);
    if (!slots && mode("zero_lengths")) *count = 0;
    if (slots && !code && mode("foreign_slots") && room >= *count + 2) {
        memmove(slots + 2, slots, *count * sizeof *slots);
        slots[0] = FOREIGN_SLOT; slots[1] = EMPTY_SLOT; *count += 2;
    }
    return code;
}

static ulong_t slot_info(ulong_t slot, void *info) {
    if (slot == FOREIGN_SLOT) return 0x30;                        /* CKR_DEVICE_ERROR */
    if (slot == EMPTY_SLOT || removed) { memset(info, ' ', 96); *(ulong_t *)((char *)info + 96) = 0; return 0; }
    return ((ulong_t (*)(ulong_t, void *))real->f[SLOT_INFO])(slot, info);
}

static ulong_t token_info(ulong_t slot, token_info_t *info) {
    int wrong, logins, signatures;
    ulong_t code = removed ? 0xE0 : ((ulong_t (*)(ulong_t, void *))real->f[TOKEN_INFO])(slot, info);
    if (code) return code;
    state(&wrong, &logins, &signatures, 0);
    if (mode("locks")) {
        if (wrong >= 1) info->flags |= 0x10000;
        if (wrong == 2) info->flags |= 0x20000;
        if (wrong >= 3) info->flags |= 0x40000;
    }
    if (mode("own_entry")) info->flags |= 0x100;
    return 0;
}

static ulong_t mechanism_list(ulong_t slot, ulong_t *list, ulong_t *count) {
    if (mode("no_mechanism_list")) return 0x54;
    if (mode("raw_only")) { if (list) list[0] = 1; *count = 1; return 0; }
    ulong_t code = ((ulong_t (*)(ulong_t, ulong_t *, ulong_t *))real->f[MECHANISM_LIST])(slot, list, count);
    if (!list && mode("zero_lengths")) *count = 0;
    return code;
}

static ulong_t open_session(ulong_t slot, ulong_t flags, void *application, void *notify, ulong_t *session) {
    if (mode("no_sessions")) return 0xB1;
    return ((ulong_t (*)(ulong_t, ulong_t, void *, void *, ulong_t *))real->f[OPEN_SESSION])(slot, flags, application, notify, session);
}

static ulong_t login(ulong_t session, ulong_t user, void *pin, ulong_t length) {
    int wrong, logins, signatures;
    state(&wrong, &logins, &signatures, 0);
    logins++;
    state(&wrong, &logins, &signatures, 1);
    misbehave("login");
    if (mode("odd_login")) return 0x80000123;
    int locks = mode("locks") || mode("silent_locks");
    if (locks && wrong >= 3) return 0xA4;
    ulong_t code = 0xA0;
    if (mode("own_entry")) {
        char *own = getenv("SHIM_OWN_PIN");
        if (!pin && own) code = ((ulong_t (*)(ulong_t, ulong_t, void *, ulong_t))real->f[LOGIN])(session, user, own, strlen(own));
    } else
        code = ((ulong_t (*)(ulong_t, ulong_t, void *, ulong_t))real->f[LOGIN])(session, user, pin, length);
    if (code == 0xA0) wrong++;
    if (code == 0) wrong = 0;
    state(&wrong, &logins, &signatures, 1);
    return code;
}

static ulong_t sign_init(ulong_t session, ulong_t *mechanism, ulong_t key) {
    if (mode("raw_only") && *mechanism != 1) return 0x70;
    return ((ulong_t (*)(ulong_t, ulong_t *, ulong_t))real->f[SIGN_INIT])(session, mechanism, key);
}

static ulong_t sign(ulong_t session, void *data, ulong_t length, void *signature, ulong_t *room) {
    int wrong, logins, signatures;
    misbehave("sign");
    if (mode("removed_sign")) { removed = 1; return 0x32; }
    if (!signature && mode("zero_lengths")) { *room = 0; return 0; }
    ulong_t code = ((ulong_t (*)(ulong_t, void *, ulong_t, void *, ulong_t *))real->f[SIGN])(session, data, length, signature, room);
    if (mode("zero_lengths")) *room = 0;
    state(&wrong, &logins, &signatures, 0);
    signatures++;
    state(&wrong, &logins, &signatures, 1);
    return code;
}

__attribute__((visibility("default"))) ulong_t C_GetFunctionList(functions_t **list) {
    void *library = dlopen(getenv("SHIM_REAL"), RTLD_NOW | RTLD_LOCAL);
    if (!library) return 0x5;
    ulong_t (*get)(functions_t **) = (ulong_t (*)(functions_t **))dlsym(library, "C_GetFunctionList");
    if (!get || get(&real)) return 0x5;
    ours = *real;
    ours.f[INITIALIZE] = initialize;
    ours.f[SLOT_LIST] = slot_list;
    ours.f[SLOT_INFO] = slot_info;
    ours.f[TOKEN_INFO] = token_info;
    ours.f[MECHANISM_LIST] = mechanism_list;
    ours.f[OPEN_SESSION] = open_session;
    ours.f[LOGIN] = login;
    ours.f[SIGN_INIT] = sign_init;
    ours.f[SIGN] = sign;
    *list = &ours;
    return 0;
}
