/* tlssink: the mail server behind the one that is measured. Takes everything, keeps nothing, counts. One thread, loopback only.

   tlssink PORT CONTROL_PORT CERTIFICATE KEY [SECONDS]

   SMTP with STARTTLS on PORT; sessions of TLS can be resumed. Whoever connects to CONTROL_PORT and says R (start again from 0) or
   S reads one line: messages, octets, first and last message (seconds since 1970), connections, handshakes, resumed ones. Ends by
   itself after SECONDS (default 7200). */
#include "wire.h"

enum { ROOM = 32768, SAID = 8192, MOST = 8192, QUIET = 300 };
enum kind { SMTP_DOOR, CONTROL_DOOR, MAIL, CONTROL };

struct peer {
    struct wire wire;
    enum kind kind;
    bool shaking;  /* a handshake of TLS is under way */
    bool content;  /* between DATA and the dot */
    int matched;   /* octets of END that the content before ended with */
    double heard;
    size_t have, said;
    struct peer *before, *after;
    char in[ROOM], out[SAID];
};

static const char END[] = "\r\n.\r\n";
static int poll_fd, peers;
static SSL_CTX *context;
static struct peer *all;
static long messages, connections, handshakes, resumed;
static long long octets;
static double first, last;

static struct peer *meet(int fd, enum kind kind) {
    struct peer *p = malloc(sizeof *p);
    if (!p) give_up("memory");
    p->wire = (struct wire){.fd = fd, .owner = p};
    p->kind = kind;
    p->shaking = p->content = false;
    p->matched = 0;
    p->have = p->said = 0;
    p->heard = mono();
    p->before = NULL;
    p->after = all;
    if (all) all->before = p;
    all = p;
    peers++;
    watch(poll_fd, &p->wire);
    return p;
}

static void leave(struct peer *p) {
    wire_close(&p->wire);
    if (p->before) p->before->after = p->after; else all = p->after;
    if (p->after) p->after->before = p->before;
    peers--;
    free(p);
}

static void door(int port, enum kind kind) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    struct sockaddr_in a = loopback(port);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd < 0 || bind(fd, (struct sockaddr *) &a, sizeof a) || listen(fd, 4096)) give_up("listen");
    meet(fd, kind);
}

static void say(struct peer *p, const char *text) {
    size_t n = strlen(text);
    if (p->said + n <= SAID) {
        memcpy(p->out + p->said, text, n);
        p->said += n;
    }
}

/* writes what was said. false: the peer is lost */
static bool flush(struct peer *p) {
    size_t done = 0;
    while (done < p->said) {
        long n = wire_write(&p->wire, p->out + done, p->said - done);
        if (n == LATER) break;
        if (n < 0) return false;
        done += (size_t) n;
    }
    p->said -= done;
    memmove(p->out, p->out + done, p->said);
    want_out(poll_fd, &p->wire, p->said > 0);
    return true;
}

static void open_door(struct peer *d) {
    for (int i = 0; i < 256; i++) {
        int fd = accept4(d->wire.fd, NULL, NULL, SOCK_NONBLOCK);
        if (fd < 0) return;
        if (peers >= MOST) {
            close(fd);
            continue;
        }
        undelayed(fd);
        struct peer *p = meet(fd, d->kind == SMTP_DOOR ? MAIL : CONTROL);
        if (p->kind == MAIL) {
            connections++;
            say(p, "220 sink.test ESMTP\r\n");
            flush(p);
        }
    }
}

/* content up to its end; returns octets used */
static size_t swallow(struct peer *p, const char *from, size_t count) {
    size_t i = 0;
    while (i < count) {
        if (p->matched == 0) {
            const char *cr = memchr(from + i, '\r', count - i);
            if (!cr) {
                octets += (long long) (count - i);
                return count;
            }
            octets += cr - (from + i);
            i = (size_t) (cr - from);
        }
        if (from[i] == END[p->matched]) p->matched++;
        else p->matched = from[i] == '\r' ? 1 : 0;
        octets++;
        i++;
        if (p->matched == (int) sizeof END - 1) {
            p->content = false;
            p->matched = 0;
            messages++;
            last = epoch();
            if (messages == 1) first = last;
            say(p, "250 2.0.0 taken\r\n");
            break;
        }
    }
    return i;
}

/* one command. false: the peer goes */
static bool obey(struct peer *p, const char *line) {
    if (!strncasecmp(line, "EHLO", 4)) {
        say(p, "250-sink.test\r\n250-PIPELINING\r\n250-SIZE 104857600\r\n250-8BITMIME\r\n");
        say(p, p->wire.tls ? "250 ENHANCEDSTATUSCODES\r\n" : "250-ENHANCEDSTATUSCODES\r\n250 STARTTLS\r\n");
    } else if (!strncasecmp(line, "STARTTLS", 8) && !p->wire.tls) {
        say(p, "220 2.0.0 go on\r\n");
        if (!flush(p) || p->said) return false;
        p->wire.tls = SSL_new(context);
        if (!p->wire.tls || !SSL_set_fd(p->wire.tls, p->wire.fd)) return false;
        SSL_set_accept_state(p->wire.tls);
        p->shaking = true;
    } else if (!strncasecmp(line, "DATA", 4)) {
        say(p, "354 go on\r\n");
        p->content = true;
        p->matched = 2;
    } else if (!strncasecmp(line, "QUIT", 4)) {
        say(p, "221 2.0.0 bye\r\n");
        flush(p);
        return false;
    } else {
        say(p, "250 2.0.0 ok\r\n");
    }
    return true;
}

/* all that has come. false: the peer goes */
static bool digest(struct peer *p) {
    size_t at = 0;
    while (at < p->have) {
        if (p->content) {
            at += swallow(p, p->in + at, p->have - at);
            continue;
        }
        char *end = memchr(p->in + at, '\n', p->have - at);
        if (!end) break;
        bool plain = !p->wire.tls;
        if (!obey(p, p->in + at)) return false;
        at = (size_t) (end + 1 - p->in);
        /* what came in plaintext behind STARTTLS is no part of the session */
        if (plain && p->wire.tls) at = p->have;
    }
    p->have -= at;
    memmove(p->in, p->in + at, p->have);
    return p->have < ROOM && flush(p);
}

/* goes on with the handshake: 1 when it is done, else LATER or BROKEN */
static long shake(struct peer *p) {
    int done = SSL_do_handshake(p->wire.tls);
    if (done != 1) {
        long why = tls_reason(p->wire.tls, done);
        want_out(poll_fd, &p->wire, why == LATER && SSL_want_write(p->wire.tls));
        return why == LATER ? LATER : BROKEN;
    }
    p->shaking = false;
    handshakes++;
    if (SSL_session_reused(p->wire.tls)) resumed++;
    want_out(poll_fd, &p->wire, false);
    return 1;
}

/* takes what has come. false: the peer goes */
static bool hear(struct peer *p) {
    for (;;) {
        long n = p->shaking ? shake(p) : 1;
        if (n == 1) {
            n = wire_read(&p->wire, p->in + p->have, ROOM - p->have);
            quick(p->wire.fd);
        }
        if (n == LATER) return true;
        if (n <= 0) return false;
        p->heard = mono();
        p->have += (size_t) n;
        if (!digest(p)) return false;
    }
}

static void report(struct peer *p) {
    char line[256], order;
    if (recv(p->wire.fd, &order, 1, 0) == 1) {
        if (order == 'R') {
            messages = connections = handshakes = resumed = 0;
            octets = 0;
            first = last = 0;
        }
        int n = snprintf(line, sizeof line, "%ld %lld %.6f %.6f %ld %ld %ld\n", messages, octets, first, last,
            connections, handshakes, resumed);
        if (send(p->wire.fd, line, (size_t) n, MSG_NOSIGNAL) < 0) fprintf(stderr, "nobody read the counts\n");
    }
    leave(p);
}

static void forget_the_quiet(void) {
    double now = mono();
    for (struct peer *p = all, *next; p; p = next) {
        next = p->after;
        if (p->kind >= MAIL && now - p->heard > QUIET) leave(p);
    }
}

static void secure(const char *certificate, const char *key) {
    context = tls_context(TLS_server_method());
    if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1
        || SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        give_up("certificate");
    SSL_CTX_set_session_id_context(context, (const unsigned char *) "sink", 4);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_SERVER);
    SSL_CTX_sess_set_cache_size(context, 4096);
}

int main(int count, char **words) {
    if (count < 5) {
        fprintf(stderr, "usage: tlssink PORT CONTROL_PORT CERTIFICATE KEY [SECONDS]\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    poll_fd = epoll_create1(0);
    secure(words[3], words[4]);
    door(atoi(words[1]), SMTP_DOOR);
    door(atoi(words[2]), CONTROL_DOOR);
    double end = mono() + (count > 5 ? atof(words[5]) : 7200), swept = mono();
    struct epoll_event events[256];
    while (mono() < end) {
        int n = epoll_wait(poll_fd, events, 256, 1000);
        for (int i = 0; i < n; i++) {
            struct peer *p = events[i].data.ptr;
            switch (p->kind) {
                case SMTP_DOOR:
                case CONTROL_DOOR: open_door(p); break;
                case CONTROL: report(p); break;
                case MAIL:
                    if ((p->said && !p->shaking && !flush(p)) || !hear(p)) leave(p);
                    break;
            }
        }
        if (mono() - swept > 5) {
            swept = mono();
            forget_the_quiet();
        }
    }
    return 0;
}
