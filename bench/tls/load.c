/* tlsload: sends messages by SMTP with STARTTLS and measures how long the reply after the content takes. One thread, loopback only.

   tlsload -p PORT [-s SESSIONS] [-m MESSAGES] [-k MESSAGES_A_CONNECTION, 0: any number] [-l OCTETS] [-T SECONDS]
           [-e plain | full | resume] [-P] [-f SENDER] [-t RECIPIENT] [-j FILE]

   -e: no TLS, a full handshake for each connection (default), or the sessions of earlier ones resumed. -P: MAIL, RCPT and DATA in
   one write. Prints one line of JSON, and adds it to FILE: ok and fail (messages), secs, p50_ms … (from the last octet of content
   to its reply), handshakes and how many of them were resumed. Bounded by -m and -T, and by as many lost connections. */
#include "wire.h"

enum step { GREETING, HELLO, ASKED, SHAKING, SECURED, SENDER, RECIPIENT, DATA, CONTENT, TAKEN, RESET, LEAVING, GONE };
enum mode { PLAIN, FULL, RESUME };
enum { ROOM = 4096, TICKETS = 256 };

struct session {
    struct wire wire;
    enum step step;
    int sent; /* messages on this connection */
    bool busy;    /* a message is under way */
    bool refused; /* a part of its envelope was */
    long number;
    size_t have, put;
    double began;
    char in[ROOM];
};

static int port, sessions = 1, each;
static long wanted = 100, size = 10240, started, taken, refused, lost, opened, handshakes, resumed;
static double patience = 120;
static enum mode mode = FULL;
static bool pipelined;
static const char *sender = "a@src.test", *recipient = "b@dst.test", *also;
static int poll_fd, alive;
static SSL_CTX *context;
static SSL_SESSION *tickets[TICKETS];
static unsigned ticket_next, ticket_used;
static float *waits;
static char *content;
static size_t content_octets, number_at;

/* a message that is the same each time but for its number, dot at the end and all */
static void make_content(void) {
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    content = malloc((size_t) size + 1024);
    if (!content) give_up("memory");
    size_t at = (size_t) sprintf(content,
        "From: <%s>\r\nTo: <%s>\r\nSubject: load\r\nDate: Wed, 25 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=us-ascii\r\nMessage-ID: <", sender, recipient);
    number_at = at;
    at += (size_t) sprintf(content + at, "%010ld.%07d@load.test>\r\n\r\n", 0L, getpid() % 10000000);
    unsigned seed = 20261125;
    for (long left = size; left > 0;) {
        long line = left > 74 ? 72 : left > 2 ? left - 2 : 0;
        for (long i = 0; i < line; i++) {
            seed = seed * 1664525u + 1013904223u;
            content[at++] = letters[seed >> 26];
        }
        memcpy(content + at, "\r\n", 2);
        at += 2;
        left -= line + 2;
    }
    memcpy(content + at, ".\r\n", 3);
    content_octets = at + 3;
}

static int keep_ticket(SSL *tls, SSL_SESSION *ticket) {
    (void) tls;
    if (mode != RESUME) return 0;
    SSL_SESSION **place = &tickets[ticket_next++ % TICKETS];
    if (*place) SSL_SESSION_free(*place);
    *place = ticket;
    return 1;
}

static void secure(struct session *s) {
    s->wire.tls = SSL_new(context);
    if (!s->wire.tls || !SSL_set_fd(s->wire.tls, s->wire.fd)) give_up("TLS");
    SSL_set_connect_state(s->wire.tls);
    unsigned known = ticket_next < TICKETS ? ticket_next : TICKETS;
    /* in turn, and again when the server has given no new ones: not every server gives one to a client that has one */
    if (known) SSL_set_session(s->wire.tls, tickets[ticket_used++ % known]);
}

static void begin(struct session *s) {
    struct sockaddr_in a = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0) give_up("socket");
    undelayed(fd);
    s->wire = (struct wire){.fd = fd, .owner = s};
    s->step = GREETING;
    s->busy = false;
    s->sent = 0;
    s->have = 0;
    opened++;
    if (connect(fd, (struct sockaddr *) &a, sizeof a) && errno != EINPROGRESS) s->step = GONE;
    else watch(poll_fd, &s->wire);
}

static void say(struct session *s, const char *line, enum step next) {
    size_t n = strlen(line);
    s->step = wire_write(&s->wire, line, n) == (long) n ? next : GONE;
}

static void next_message(struct session *s) {
    char line[1024];
    if (started >= wanted || (each && s->sent >= each)) {
        say(s, "QUIT\r\n", LEAVING);
        return;
    }
    s->number = ++started;
    s->busy = true;
    s->refused = false;
    if (pipelined) snprintf(line, sizeof line, "MAIL FROM:<%s>\r\nRCPT TO:<%s>\r\nDATA\r\n", sender, recipient);
    else snprintf(line, sizeof line, "MAIL FROM:<%s>\r\n", sender);
    say(s, line, SENDER);
}

/* writes what fits of the content; the number is patched in before the first octet goes */
static void pour(struct session *s) {
    if (s->put == 0) {
        char number[16];
        snprintf(number, sizeof number, "%010ld", s->number);
        memcpy(content + number_at, number, 10);
    }
    while (s->put < content_octets) {
        long n = wire_write(&s->wire, content + s->put, content_octets - s->put);
        if (n == LATER) {
            want_out(poll_fd, &s->wire, true);
            return;
        }
        if (n < 0) {
            s->step = GONE;
            return;
        }
        s->put += (size_t) n;
    }
    want_out(poll_fd, &s->wire, false);
    s->began = mono();
    s->step = TAKEN;
}

/* the message at hand has its end */
static void ended(struct session *s, bool well) {
    if (well) waits[taken++] = (float) (mono() - s->began);
    else refused++;
    s->busy = false;
    s->sent++;
}

/* the reply to MAIL, RCPT or DATA */
static void envelope_reply(struct session *s, int code) {
    char line[512];
    if (code != (s->step == DATA ? 354 : 250)) s->refused = true;
    if (s->step == DATA && !s->refused) {
        s->put = 0;
        s->step = CONTENT;
        pour(s);
    } else if (s->step == DATA || (s->refused && !pipelined)) {
        ended(s, false);
        if (code == 354) s->step = GONE; /* it waits for content that will not come */
        else say(s, "RSET\r\n", RESET);
    } else if (s->step == SENDER) {
        snprintf(line, sizeof line, "RCPT TO:<%s>\r\n", recipient);
        if (pipelined) s->step = RECIPIENT;
        else say(s, line, RECIPIENT);
    } else if (pipelined) {
        s->step = DATA;
    } else {
        say(s, "DATA\r\n", DATA);
    }
}

static void on_reply(struct session *s, int code) {
    switch (s->step) {
        case GREETING:
            if (code == 220) say(s, "EHLO load.test\r\n", HELLO);
            else s->step = GONE;
            break;
        case HELLO:
            if (code != 250) s->step = GONE;
            else if (mode == PLAIN) next_message(s);
            else say(s, "STARTTLS\r\n", ASKED);
            break;
        case ASKED:
            if (code == 220) {
                secure(s);
                s->step = SHAKING;
            } else {
                s->step = GONE;
            }
            break;
        case SECURED:
        case RESET: next_message(s); break;
        case SENDER:
        case RECIPIENT:
        case DATA: envelope_reply(s, code); break;
        case TAKEN:
            ended(s, code == 250);
            next_message(s);
            break;
        case SHAKING:
        case CONTENT:
        case LEAVING:
        case GONE: s->step = GONE; break;
    }
}

/* 1 when the handshake is done, else LATER or BROKEN */
static long shake(struct session *s) {
    int done = SSL_do_handshake(s->wire.tls);
    if (done != 1) {
        long why = tls_reason(s->wire.tls, done);
        want_out(poll_fd, &s->wire, why == LATER && SSL_want_write(s->wire.tls));
        return why == LATER ? LATER : BROKEN;
    }
    handshakes++;
    if (SSL_session_reused(s->wire.tls)) resumed++;
    want_out(poll_fd, &s->wire, false);
    say(s, "EHLO load.test\r\n", SECURED);
    return s->step == GONE ? BROKEN : 1;
}

static void replies(struct session *s) {
    size_t at = 0;
    while (at < s->have && s->step != GONE && s->step != SHAKING) {
        char *line = s->in + at, *end = memchr(line, '\n', s->have - at);
        if (!end) break;
        at = (size_t) (end + 1 - s->in);
        if (end - line >= 3 && line[3] != '-') on_reply(s, atoi(line));
    }
    if (s->step == SHAKING) at = s->have; /* what came in plaintext behind STARTTLS is no part of the session */
    s->have -= at;
    memmove(s->in, s->in + at, s->have);
}

static void hear(struct session *s) {
    while (s->step != GONE) {
        long n = s->step == SHAKING ? shake(s) : 1;
        if (n == 1) {
            n = wire_read(&s->wire, s->in + s->have, ROOM - s->have - 1);
            quick(s->wire.fd);
        }
        if (n == LATER) return;
        if (n <= 0) {
            if (s->step != LEAVING) lost++;
            s->step = GONE;
            return;
        }
        s->have += (size_t) n;
        s->in[s->have] = 0;
        replies(s);
        if (s->have >= ROOM - 1) s->step = GONE;
    }
}

/* whether another connection will have a message to send */
static bool more(void) {
    return started < wanted && (!each || opened < (wanted + each - 1) / each + lost);
}

static void turn(struct session *s, unsigned events) {
    if (s->wire.fd < 0) return;
    if (s->step == CONTENT && events & EPOLLOUT) pour(s);
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR) || s->step == SHAKING) hear(s);
    if (s->step != GONE) return;
    if (s->busy) ended(s, false);
    wire_close(&s->wire);
    if (more() && lost <= wanted) begin(s);
    else alive--;
}

static int by_size(const void *one, const void *other) {
    float a = *(const float *) one, b = *(const float *) other;
    return a < b ? -1 : a > b;
}

static double share(double part) { return taken ? waits[(long) ((double) (taken - 1) * part)] * 1e3 : 0; }

static void report(double since, double took) {
    char line[512];
    qsort(waits, (size_t) taken, sizeof *waits, by_size);
    snprintf(line, sizeof line,
        "{\"t_start\":%.6f,\"secs\":%.4f,\"ok\":%ld,\"fail\":%ld,\"conns\":%ld,\"connerr\":%ld,\"rate\":%.1f,\"p50_ms\":%.3f,"
        "\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"handshakes\":%ld,\"resumed\":%ld}\n",
        since, took, taken, refused, opened, lost, (double) taken / took, share(.5), share(.9), share(.99), share(1), handshakes,
        resumed);
    fputs(line, stdout);
    FILE *file = also ? fopen(also, "a") : NULL;
    if (also && !file) give_up(also);
    if (file) {
        fputs(line, file);
        fclose(file);
    }
}

static void options(int count, char **words) {
    for (int o; (o = getopt(count, words, "p:s:m:k:l:T:e:Pf:t:j:")) > 0;) switch (o) {
        case 'p': port = atoi(optarg); break;
        case 's': sessions = atoi(optarg); break;
        case 'm': wanted = atol(optarg); break;
        case 'k': each = atoi(optarg); break;
        case 'l': size = atol(optarg); break;
        case 'T': patience = atof(optarg); break;
        case 'e': mode = !strcmp(optarg, "plain") ? PLAIN : !strcmp(optarg, "resume") ? RESUME : FULL; break;
        case 'P': pipelined = true; break;
        case 'f': sender = optarg; break;
        case 't': recipient = optarg; break;
        case 'j': also = optarg; break;
        default: exit(2);
    }
    if (port < 1 || sessions < 1 || sessions > 20000 || wanted < 1 || wanted > 10000000 || size < 2 || size > 64000000
        || strlen(sender) > 200 || strlen(recipient) > 200) {
        fprintf(stderr, "usage: see the beginning of load.c\n");
        exit(2);
    }
}

int main(int count, char **words) {
    options(count, words);
    signal(SIGPIPE, SIG_IGN);
    make_content();
    context = tls_context(TLS_client_method());
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, keep_ticket);
    waits = malloc((size_t) (wanted + 1) * sizeof *waits);
    struct session *every = calloc((size_t) sessions, sizeof *every);
    if (!waits || !every) give_up("memory");
    poll_fd = epoll_create1(0);
    struct epoll_event events[512];
    double since = epoch(), began = mono(), done = 0;
    int begun = 0;
    alive = sessions;
    while (alive > 0 && mono() - began < patience) {
        /* not all at once: the queue of the listener is bounded */
        for (int i = 0; i < 100 && begun < sessions && more(); i++) {
            begin(&every[begun]);
            if (every[begun].step == GONE) alive--;
            begun++;
        }
        int n = epoll_wait(poll_fd, events, 512, begun < sessions && more() ? 1 : 200);
        for (int i = 0; i < n; i++) turn(events[i].data.ptr, events[i].events);
        if (!done && taken + refused >= wanted) done = mono();
        if (done && mono() - done > 1) break;
    }
    report(since, (done ? done : mono()) - began);
    return taken == wanted ? 0 : 1;
}
