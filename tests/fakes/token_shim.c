/* A PKCS#11 module in front of SoftHSM that misbehaves on demand. Compiled by tests/fakes/token_shim.py.
 *
 * SHIM_REAL     the module behind it
 * SHIM_STATE    a file of counters, kept between processes as a token keeps its own (the order is that of `counter`)
 * SHIM_CUE      a file that tests rewrite while the module runs; words, any of:
 *   out                 every token is unplugged
 *   out:SERIAL          this one is
 *   after:N             every token is unplugged once N signatures were made
 *   epoch:N             another number than before: the tokens were unplugged and plugged in again; sessions are dead
 *   shift:N             slot numbers are N higher
 * SHIM_SIGN_MS  each signature takes this long; asking for its length alone (no buffer given) takes no time, as on real tokens
 * SHIM_GAP_MS   the rest it needs between two signatures (hasty)
 * SHIM_BOX_MS   how long the token's own PIN box stands (ignores_pin)
 * SHIM_OWN_PIN, SHIM_OWN_NEW_PIN   what a person types into the token's own box
 * SHIM_MODES    words, any of:
 *   locks               three wrong PINs lock; the flags of CK_TOKEN_INFO tell; the officer's PIN likewise
 *   silent_locks        the same, and the flags never tell
 *   hang_X crash_X      X is load, login, sign, set_pin, unload
 *   odd_login           C_Login answers a vendor's own code
 *   zero_lengths        every question for a length is answered with 0, and C_Sign leaves 0 in it
 *   raw_only            CKM_RSA_PKCS alone
 *   pss_only            CKM_RSA_PKCS_PSS alone
 *   no_mechanism_list   C_GetMechanismList is not supported
 *   own_entry           the token asks by itself: it takes no PIN from us and counts one that is sent as wrong
 *   ignores_pin         a PIN given by software is ignored; the module shows a box of its own at the first signature
 *   ignores_pin_each    the same, at every signature
 *   hasty               a signature sooner than SHIM_GAP_MS after the last one is answered with CKR_DEVICE_ERROR
 *   pad_once            a login is good for one signature
 *   expired_pin         C_Login answers CKR_PIN_EXPIRED until the PIN was changed
 *   weak_pin            C_SetPIN and C_InitPIN do not accept the new PIN
 *   no_set_pin          C_SetPIN and C_InitPIN are not supported
 *   read_only           a session for writing is refused
 *   no_sessions         C_OpenSession answers CKR_SESSION_COUNT
 *   late                after being plugged in, the first C_OpenSession answers CKR_DEVICE_ERROR
 *   foreign_slots       a slot that cannot be read, and one that is empty, stand before the real ones
 *   removed_sign        at C_Sign the token is gone, and stays gone
 *   slot_events         C_WaitForSlotEvent tells of every new cue (SoftHSM itself never does)
 *   no_slot_events      C_WaitForSlotEvent is not supported
 *   chatty              writes on standard output and standard error whenever it is called
 *   alone               aborts when a second thread comes in while a signature is made
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef unsigned long ulong_t;
typedef unsigned char byte_t;
typedef struct { byte_t version[2]; void *f[68]; } functions_t;
typedef struct { byte_t label[32], manufacturer[32], model[16], serial[16]; ulong_t flags; } token_info_t;  /* its head */
typedef ulong_t (*slots_f)(byte_t, ulong_t *, ulong_t *);
typedef ulong_t (*slot_f)(ulong_t, void *);
typedef ulong_t (*list_f)(ulong_t, ulong_t *, ulong_t *);
typedef ulong_t (*handle_f)(ulong_t);
typedef ulong_t (*open_f)(ulong_t, ulong_t, void *, void *, ulong_t *);
typedef ulong_t (*login_f)(ulong_t, ulong_t, void *, ulong_t);
typedef ulong_t (*pin_f)(ulong_t, void *, ulong_t);
typedef ulong_t (*pins_f)(ulong_t, void *, ulong_t, void *, ulong_t);
typedef ulong_t (*init_f)(ulong_t, ulong_t *, ulong_t);
typedef ulong_t (*search_f)(ulong_t, void *, ulong_t);
typedef ulong_t (*sign_f)(ulong_t, void *, ulong_t, void *, ulong_t *);

enum { INITIALIZE = 0, FINALIZE = 1, SLOT_LIST = 4, SLOT_INFO = 5, TOKEN_INFO = 6, MECHANISM_LIST = 7, INIT_PIN = 10,
       SET_PIN = 11, OPEN_SESSION = 12, CLOSE_ALL = 14, LOGIN = 18, LOGOUT = 19, FIND_INIT = 26, SIGN_INIT = 42,
       SIGN = 43, WAIT_EVENT = 67 };
enum { FOREIGN_SLOT = 7001, EMPTY_SLOT = 7002 };
enum counter { WRONG, LOGINS, SIGNATURES, OFFICER_WRONG, OFFICER_LOGINS, INITIALISED, FINALISED, BOXES, SET_PINS,
               COUNTERS };
enum { OFFICER = 0 };

static functions_t *real, ours;
static int removed, signed_since_login, box_shown, late, inside;
static long seen_epoch;
static char seen_cue[256];
static struct { ulong_t session, slot; } open_sessions[64];

#define REAL(type, index) ((type)real->f[index])

/* ---- what the tests say ------------------------------------------------------------------------------------------ */

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

static int milliseconds(const char *name) { const char *text = getenv(name); return text ? atoi(text) : 0; }

static void read_counters(int *all) {
    memset(all, 0, COUNTERS * sizeof *all);
    FILE *file = fopen(getenv("SHIM_STATE"), "r");
    for (int n = 0; file && n < COUNTERS && fscanf(file, "%d", all + n) == 1; n++) ;
    if (file) fclose(file);
}

static int count(enum counter which, int change, int reset) {
    int all[COUNTERS];
    read_counters(all);
    all[which] = reset ? 0 : all[which] + change;
    if (change || reset) {
        FILE *file = fopen(getenv("SHIM_STATE"), "w");
        for (int n = 0; file && n < COUNTERS; n++) fprintf(file, "%d ", all[n]);
        if (file) fclose(file);
    }
    return all[which];
}

static void read_cue(char *text, size_t room) {
    const char *path = getenv("SHIM_CUE");
    FILE *file = path ? fopen(path, "r") : NULL;
    size_t length = 0;
    text[length++] = ' ';
    if (file) { length += fread(text + 1, 1, room - 3, file); fclose(file); }
    text[length] = ' '; text[length + 1] = 0;
}

static long cue_number(const char *word) {
    char text[256], wanted[32], *at;
    read_cue(text, sizeof text);
    snprintf(wanted, sizeof wanted, " %s:", word);
    return (at = strstr(text, wanted)) ? atol(at + strlen(wanted)) : -1;
}

static ulong_t shift(void) { long by = cue_number("shift"); return by > 0 ? (ulong_t)by : 0; }

/* Unplugged and plugged in again since the last call: every session and login is gone, as on a real token. */
static void notice(void) {
    long epoch = cue_number("epoch");
    if (epoch == seen_epoch) return;
    seen_epoch = epoch;
    ulong_t slots[64], found = 64;
    if (!REAL(slots_f, SLOT_LIST)(0, slots, &found))
        for (ulong_t n = 0; n < found; n++) REAL(handle_f, CLOSE_ALL)(slots[n]);
    memset(open_sessions, 0, sizeof open_sessions);
    signed_since_login = box_shown = 0;
    late = 1;
}

/* Whether the token in this slot of the real module is unplugged. */
static int is_out(ulong_t slot) {
    char text[256], wanted[32];
    token_info_t info[4];       /* with room for the rest of CK_TOKEN_INFO */
    read_cue(text, sizeof text);
    long after = cue_number("after");
    if (removed || strstr(text, " out ") || (after >= 0 && count(SIGNATURES, 0, 0) >= after)) return 1;
    if (!strstr(text, " out:") || REAL(slot_f, TOKEN_INFO)(slot, info)) return 0;
    snprintf(wanted, sizeof wanted, " out:%.16s", (char *)info->serial);
    return strstr(text, wanted) != NULL;
}

static int session_out(ulong_t session) {
    notice();
    for (int n = 0; n < 64; n++)
        if (open_sessions[n].session == session && session) return is_out(open_sessions[n].slot);
    return 0;
}

/* ---- the functions ----------------------------------------------------------------------------------------------- */

static ulong_t initialize(void *arguments) {
    count(INITIALISED, 1, 0);
    misbehave("load");
    seen_epoch = cue_number("epoch");
    read_cue(seen_cue, sizeof seen_cue);
    return ((ulong_t (*)(void *))real->f[INITIALIZE])(arguments);
}

static ulong_t finalize(void *reserved) {
    count(FINALISED, 1, 0);
    misbehave("unload");
    return ((ulong_t (*)(void *))real->f[FINALIZE])(reserved);
}

__attribute__((destructor)) static void unload(void) { if (mode("hang_unload")) for (;;) pause(); }

static ulong_t slot_list(byte_t present, ulong_t *slots, ulong_t *length) {
    notice();
    ulong_t room = *length, code = REAL(slots_f, SLOT_LIST)(present, slots, length);
    if (!slots && mode("zero_lengths")) *length = 0;
    if (!slots || code) return code;
    for (ulong_t n = 0; n < *length; n++) slots[n] += shift();
    if (mode("foreign_slots") && room >= *length + 2) {
        memmove(slots + 2, slots, *length * sizeof *slots);
        slots[0] = FOREIGN_SLOT; slots[1] = EMPTY_SLOT; *length += 2;
    }
    return 0;
}

static ulong_t slot_info(ulong_t slot, void *info) {
    if (slot == FOREIGN_SLOT) return 0x30;                        /* CKR_DEVICE_ERROR */
    notice();
    if (slot == EMPTY_SLOT || is_out(slot - shift())) {
        memset(info, ' ', 96); *(ulong_t *)((char *)info + 96) = 0;
        return 0;
    }
    return REAL(slot_f, SLOT_INFO)(slot - shift(), info);
}

static ulong_t token_info(ulong_t slot, token_info_t *info) {
    notice();
    ulong_t code = is_out(slot - shift()) ? 0xE0 : REAL(slot_f, TOKEN_INFO)(slot - shift(), info);
    if (code) return code;
    if (mode("locks")) {
        int wrong = count(WRONG, 0, 0), officer = count(OFFICER_WRONG, 0, 0);
        if (wrong >= 1) info->flags |= 0x10000;
        if (wrong == 2) info->flags |= 0x20000;
        if (wrong >= 3) info->flags |= 0x40000;
        if (officer >= 1) info->flags |= 0x100000;
        if (officer == 2) info->flags |= 0x200000;
        if (officer >= 3) info->flags |= 0x400000;
    }
    if (mode("own_entry")) info->flags |= 0x100;
    return 0;
}

static ulong_t mechanism_list(ulong_t slot, ulong_t *list, ulong_t *length) {
    if (mode("no_mechanism_list")) return 0x54;
    if (mode("raw_only") || mode("pss_only")) { if (list) list[0] = mode("raw_only") ? 0x1 : 0xD; *length = 1; return 0; }
    ulong_t code = REAL(list_f, MECHANISM_LIST)(slot - shift(), list, length);
    if (!list && mode("zero_lengths")) *length = 0;
    return code;
}

static ulong_t open_session(ulong_t slot, ulong_t flags, void *application, void *told, ulong_t *session) {
    notice();
    if (is_out(slot - shift())) return 0xE0;
    if (mode("no_sessions")) return 0xB1;
    if (mode("read_only") && flags & 2) return 0xE2;              /* CKR_TOKEN_WRITE_PROTECTED */
    if (mode("late") && late) { late = 0; return 0x30; }
    ulong_t code = REAL(open_f, OPEN_SESSION)(slot - shift(), flags, application, told, session);
    for (int n = 0; !code && n < 64; n++)
        if (!open_sessions[n].session) { open_sessions[n].session = *session; open_sessions[n].slot = slot - shift(); break; }
    return code;
}

static ulong_t login(ulong_t session, ulong_t user, void *pin, ulong_t length) {
    enum counter wrong = user == OFFICER ? OFFICER_WRONG : WRONG;
    char *own = getenv("SHIM_OWN_PIN");
    count(user == OFFICER ? OFFICER_LOGINS : LOGINS, 1, 0);
    misbehave("login");
    if (session_out(session)) return 0x32;
    if (mode("odd_login")) return 0x80000123;
    if ((mode("locks") || mode("silent_locks")) && count(wrong, 0, 0) >= 3) return 0xA4;
    ulong_t code = 0xA0;
    if (mode("own_entry") || (user != OFFICER && (mode("ignores_pin") || mode("ignores_pin_each")))) {
        if ((!pin || !mode("own_entry")) && own) code = REAL(login_f, LOGIN)(session, user, own, strlen(own));
    } else
        code = REAL(login_f, LOGIN)(session, user, pin, length);
    if (code == 0xA0) count(wrong, 1, 0);
    if (code == 0) { count(wrong, 0, 1); signed_since_login = 0; }
    if (code == 0 && user != OFFICER && mode("expired_pin") && !count(SET_PINS, 0, 0)) {
        REAL(handle_f, LOGOUT)(session);
        return 0xA3;
    }
    return code;
}

static ulong_t set_pin(ulong_t session, void *old, ulong_t old_length, void *new, ulong_t new_length) {
    misbehave("set_pin");
    if (mode("no_set_pin")) return 0x54;
    if (session_out(session)) return 0x32;
    if (mode("locks") && count(WRONG, 0, 0) >= 3) return 0xA4;
    if (mode("weak_pin")) return 0xA1;                            /* CKR_PIN_INVALID */
    char *own = getenv("SHIM_OWN_PIN"), *own_new = getenv("SHIM_OWN_NEW_PIN");
    ulong_t code = 0xA0;
    if (!mode("own_entry")) code = REAL(pins_f, SET_PIN)(session, old, old_length, new, new_length);
    else if (!old && !new && own && own_new) code = REAL(pins_f, SET_PIN)(session, own, strlen(own), own_new, strlen(own_new));
    count(code == 0xA0 ? WRONG : SET_PINS, code == 0xA0 || code == 0, 0);
    return code;
}

static ulong_t init_pin(ulong_t session, void *pin, ulong_t length) {
    if (mode("no_set_pin")) return 0x54;
    if (mode("weak_pin")) return 0xA1;
    char *own_new = getenv("SHIM_OWN_NEW_PIN");
    if (mode("own_entry") && !pin && own_new) { pin = own_new; length = strlen(own_new); }
    ulong_t code = REAL(pin_f, INIT_PIN)(session, pin, length);
    if (!code) { count(WRONG, 0, 1); count(SET_PINS, 1, 0); }
    return code;
}

static ulong_t find_init(ulong_t session, void *template, ulong_t length) {
    return session_out(session) ? 0x32 : REAL(search_f, FIND_INIT)(session, template, length);
}

static ulong_t sign_init(ulong_t session, ulong_t *mechanism, ulong_t key) {
    if (session_out(session)) return 0x32;                        /* CKR_DEVICE_REMOVED */
    if (mode("raw_only") && *mechanism != 0x1) return 0x70;
    if (mode("pss_only") && *mechanism != 0xD) return 0x70;
    if (mode("pad_once") && signed_since_login) return 0x101;     /* CKR_USER_NOT_LOGGED_IN */
    return REAL(init_f, SIGN_INIT)(session, mechanism, key);
}

/* Ends the operation that C_SignInit began: the next C_SignInit must not meet CKR_OPERATION_ACTIVE. */
static void real_abandon(ulong_t session) {
    char nothing[1024];
    ulong_t room = sizeof nothing;
    REAL(sign_f, SIGN)(session, "", 0, nothing, &room);
}

static ulong_t sign(ulong_t session, void *data, ulong_t length, void *signature, ulong_t *room) {
    misbehave("sign");
    if (mode("alone") && __atomic_fetch_add(&inside, 1, __ATOMIC_SEQ_CST)) abort();
    if (signature) usleep(1000 * milliseconds("SHIM_SIGN_MS"));
    if (mode("ignores_pin_each") || (mode("ignores_pin") && !box_shown)) {
        box_shown = 1;
        count(BOXES, 1, 0);
        usleep(1000 * milliseconds("SHIM_BOX_MS"));
    }
    static double last = -1e9;
    struct timespec clock;
    clock_gettime(CLOCK_MONOTONIC, &clock);
    double now = clock.tv_sec * 1e3 + clock.tv_nsec / 1e6, rest = now - last;
    last = now;
    if (mode("hasty") && rest < milliseconds("SHIM_GAP_MS")) { real_abandon(session); return 0x30; }
    if (mode("alone")) __atomic_fetch_sub(&inside, 1, __ATOMIC_SEQ_CST);
    if (mode("removed_sign")) { removed = 1; return 0x32; }
    if (session_out(session)) return 0x32;
    if (!signature && mode("zero_lengths")) { *room = 0; return 0; }
    ulong_t code = REAL(sign_f, SIGN)(session, data, length, signature, room);
    if (mode("zero_lengths")) *room = 0;
    if (!code && signature) { count(SIGNATURES, 1, 0); signed_since_login = 1; }
    return code;
}

static ulong_t wait_event(ulong_t flags, ulong_t *slot, void *reserved) {
    char text[256];
    ulong_t slots[64], found = 64;
    if (!(flags & 1)) abort();                                    /* waiting here would stop everything else */
    if (mode("no_slot_events")) return 0x54;
    if (!mode("slot_events")) return 0x8;                         /* CKR_NO_EVENT, whatever happens */
    read_cue(text, sizeof text);
    if (!strcmp(text, seen_cue)) return 0x8;
    strcpy(seen_cue, text);
    REAL(slots_f, SLOT_LIST)(0, slots, &found);
    *slot = slots[0] + shift();
    return 0;
}

__attribute__((visibility("default"))) ulong_t C_GetFunctionList(functions_t **list) {
    void *library = dlopen(getenv("SHIM_REAL"), RTLD_NOW | RTLD_LOCAL);
    if (!library) return 0x5;
    ulong_t (*get)(functions_t **) = (ulong_t (*)(functions_t **))dlsym(library, "C_GetFunctionList");
    if (!get || get(&real)) return 0x5;
    ours = *real;
    ours.f[INITIALIZE] = initialize;
    ours.f[FINALIZE] = finalize;
    ours.f[SLOT_LIST] = slot_list;
    ours.f[SLOT_INFO] = slot_info;
    ours.f[TOKEN_INFO] = token_info;
    ours.f[MECHANISM_LIST] = mechanism_list;
    ours.f[INIT_PIN] = init_pin;
    ours.f[SET_PIN] = set_pin;
    ours.f[OPEN_SESSION] = open_session;
    ours.f[LOGIN] = login;
    ours.f[FIND_INIT] = find_init;
    ours.f[SIGN_INIT] = sign_init;
    ours.f[SIGN] = sign;
    ours.f[WAIT_EVENT] = wait_event;
    *list = &ours;
    return 0;
}
