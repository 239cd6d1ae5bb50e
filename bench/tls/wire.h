/* What the load generator and the sink share: a connection that may go over to TLS, and time. Loopback only; nothing waits in here. */
#ifndef WIRE_H
#define WIRE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* what a call on a connection comes to, when it is not a number of octets */
enum { OVER = 0, LATER = -1, BROKEN = -2 };

struct wire {
    int fd;
    SSL *tls;       /* NULL while there is none */
    bool wants_out; /* whether epoll tells when it can be written to */
    void *owner;    /* what epoll gives back */
};

static inline double seconds_of(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

/* for durations */
static inline double mono(void) { return seconds_of(CLOCK_MONOTONIC); }

/* for moments that other programs must understand */
static inline double epoch(void) { return seconds_of(CLOCK_REALTIME); }

static inline void give_up(const char *what) {
    fprintf(stderr, "%s: %s\n", what, errno ? strerror(errno) : "failed");
    ERR_print_errors_fp(stderr);
    exit(2);
}

static inline struct sockaddr_in loopback(int port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short) port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

/* acknowledge at once: a peer that leaves Nagle's algorithm on would otherwise wait for us 40 ms at a time */
static inline void quick(int fd) {
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one);
}

static inline void undelayed(int fd) {
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static inline void watch(int poll, struct wire *w) {
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = w->owner};
    w->wants_out = false;
    if (epoll_ctl(poll, EPOLL_CTL_ADD, w->fd, &e)) give_up("epoll");
}

static inline void want_out(int poll, struct wire *w, bool wanted) {
    if (w->wants_out == wanted) return;
    struct epoll_event e = {.events = EPOLLIN | (wanted ? EPOLLOUT : 0), .data.ptr = w->owner};
    w->wants_out = wanted;
    epoll_ctl(poll, EPOLL_CTL_MOD, w->fd, &e);
}

/* what a failed call of OpenSSL means */
static inline long tls_reason(SSL *tls, int result) {
    switch (SSL_get_error(tls, result)) {
        case SSL_ERROR_WANT_READ:
        case SSL_ERROR_WANT_WRITE: return LATER;
        case SSL_ERROR_ZERO_RETURN: return OVER;
        default: ERR_clear_error(); return BROKEN;
    }
}

/* reads what is there: octets, OVER, LATER or BROKEN */
static inline long wire_read(struct wire *w, char *into, size_t room) {
    if (w->tls) {
        int got = SSL_read(w->tls, into, (int) room);
        return got > 0 ? got : tls_reason(w->tls, got);
    }
    ssize_t got = recv(w->fd, into, room, 0);
    return got >= 0 ? got : errno == EAGAIN || errno == EINTR ? LATER : BROKEN;
}

/* writes as much as fits: octets, LATER or BROKEN */
static inline long wire_write(struct wire *w, const char *from, size_t count) {
    if (w->tls) {
        int sent = SSL_write(w->tls, from, (int) count);
        return sent > 0 ? sent : tls_reason(w->tls, sent) == LATER ? LATER : BROKEN;
    }
    ssize_t sent = send(w->fd, from, count, MSG_NOSIGNAL);
    return sent >= 0 ? sent : errno == EAGAIN || errno == EINTR ? LATER : BROKEN;
}

/* says goodbye and ends */
static inline void wire_close(struct wire *w) {
    if (w->tls) {
        if (SSL_is_init_finished(w->tls)) SSL_shutdown(w->tls);
        ERR_clear_error();
        SSL_free(w->tls);
        w->tls = NULL;
    }
    if (w->fd >= 0) close(w->fd);
    w->fd = -1;
}

/* what both sides speak: the same suite and group everywhere, so that nothing is compared but the servers */
static inline SSL_CTX *tls_context(const SSL_METHOD *method) {
    SSL_CTX *made = SSL_CTX_new(method);
    if (!made || !SSL_CTX_set_min_proto_version(made, TLS1_2_VERSION)
        || !SSL_CTX_set_ciphersuites(made, "TLS_AES_128_GCM_SHA256")
        || !SSL_CTX_set_cipher_list(made, "ECDHE-ECDSA-AES128-GCM-SHA256")
        || !SSL_CTX_set1_groups_list(made, "X25519:P-256"))
        give_up("TLS");
    SSL_CTX_set_mode(made, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    return made;
}

#endif
