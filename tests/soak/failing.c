/* Lets one call of this process fail, counted among those that concern files below a folder.

   Preloaded into a program. fail_below() names the folder and begins to count, fail_at() says which
   call is to fail, with which error, and whether those after it fail as well; calls_counted() gives
   their number so far, and call_failed() what the first that failed was. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static char below[PATH_MAX];
static size_t below_length;
static long counted, wanted;
static int error_wanted, from_then_on;
static char failed[PATH_MAX + 32];

void fail_below(const char *folder) {
    below_length = strlen(folder);
    memcpy(below, folder, below_length + 1);
    counted = 0;
    *failed = 0;
}

void fail_at(long number, int error, int go_on) {
    wanted = number;
    error_wanted = error;
    from_then_on = go_on;
}

long calls_counted(void) { return counted; }

const char *call_failed(void) { return failed; }

static int fails(const char *call, const char *path) {
    counted++;
    if (wanted == 0 || counted < wanted || (counted > wanted && !from_then_on)) return 0;
    if (!*failed) snprintf(failed, sizeof failed, "%s %s", call, path + below_length);
    errno = error_wanted;
    return 1;
}

static int path_fails(const char *call, const char *path) {
    if (!below_length || !path || strncmp(path, below, below_length)) return 0;
    return fails(call, path);
}

static int at_fails(const char *call, int folder, const char *path) {
    if (!below_length || !path) return 0;
    if (*path == '/') return path_fails(call, path);
    if (folder == AT_FDCWD) return 0; /* we never go there */
    char link[64], at[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, at, sizeof at - 1);
    if (length < 0) return 0;
    at[length] = 0;
    return path_fails(call, at);
}

static int file_fails(const char *call, int file) {
    if (!below_length || file < 3) return 0;
    return at_fails(call, file, "");
}

#define REAL(name, ...) \
    static int (*real)(__VA_ARGS__); \
    if (!real) real = dlsym(RTLD_NEXT, name)
#define OPENED(name, path_parameter, check, passed) \
    REAL(name, path_parameter, int, ...); \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); \
    } \
    return (check) ? -1 : real(passed, flags, mode)

int open(const char *path, int flags, ...) { OPENED("open", const char *, path_fails("open", path), path); }
int open64(const char *path, int flags, ...) { OPENED("open64", const char *, path_fails("open", path), path); }

#define OPENED_AT(name) \
    static int (*real)(int, const char *, int, ...); \
    if (!real) real = dlsym(RTLD_NEXT, name); \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); \
    } \
    return at_fails("openat", folder, path) ? -1 : real(folder, path, flags, mode)

int openat(int folder, const char *path, int flags, ...) { OPENED_AT("openat"); }
int openat64(int folder, const char *path, int flags, ...) { OPENED_AT("openat64"); }

FILE *fopen64(const char *path, const char *mode) {
    static FILE *(*real)(const char *, const char *);
    if (!real) real = dlsym(RTLD_NEXT, "fopen64");
    return path_fails("fopen", path) ? NULL : real(path, mode);
}

DIR *opendir(const char *path) {
    static DIR *(*real)(const char *);
    if (!real) real = dlsym(RTLD_NEXT, "opendir");
    return path_fails("opendir", path) ? NULL : real(path);
}

DIR *fdopendir(int file) {
    static DIR *(*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fdopendir");
    return file_fails("fdopendir", file) ? NULL : real(file);
}

#define ON_PATH(name, word, result, declared, passed) \
    int name declared { \
        static int (*real) declared; \
        if (!real) real = dlsym(RTLD_NEXT, #name); \
        return path_fails(word, path) ? -1 : real passed; \
    }
ON_PATH(stat, "stat", int, (const char *path, struct stat *found), (path, found))
ON_PATH(lstat, "lstat", int, (const char *path, struct stat *found), (path, found))
ON_PATH(stat64, "stat", int, (const char *path, struct stat64 *found), (path, found))
ON_PATH(lstat64, "lstat", int, (const char *path, struct stat64 *found), (path, found))
ON_PATH(mkdir, "mkdir", int, (const char *path, mode_t mode), (path, mode))
ON_PATH(unlink, "unlink", int, (const char *path), (path))
ON_PATH(access, "access", int, (const char *path, int how), (path, how))
ON_PATH(rename, "rename", int, (const char *path, const char *other), (path, other))

int fstatat64(int folder, const char *path, struct stat64 *found, int flags) {
    static int (*real)(int, const char *, struct stat64 *, int);
    if (!real) real = dlsym(RTLD_NEXT, "fstatat64");
    return at_fails("fstatat", folder, path) ? -1 : real(folder, path, found, flags);
}

#define ON_FILE(type, name, word, declared, passed) \
    type name declared { \
        static type (*real) declared; \
        if (!real) real = dlsym(RTLD_NEXT, #name); \
        return file_fails(word, file) ? -1 : real passed; \
    }
ON_FILE(ssize_t, read, "read", (int file, void *data, size_t size), (file, data, size))
ON_FILE(ssize_t, pread, "pread", (int file, void *data, size_t size, off_t at), (file, data, size, at))
ON_FILE(ssize_t, pread64, "pread", (int file, void *data, size_t size, off64_t at), (file, data, size, at))
ON_FILE(ssize_t, write, "write", (int file, const void *data, size_t size), (file, data, size))
ON_FILE(ssize_t, pwrite, "pwrite", (int file, const void *data, size_t size, off_t at), (file, data, size, at))
ON_FILE(ssize_t, pwrite64, "pwrite", (int file, const void *data, size_t size, off64_t at), (file, data, size, at))
ON_FILE(int, fsync, "fsync", (int file), (file))
ON_FILE(int, fdatasync, "fdatasync", (int file), (file))
ON_FILE(int, ftruncate, "ftruncate", (int file, off_t size), (file, size))
ON_FILE(int, ftruncate64, "ftruncate", (int file, off64_t size), (file, size))
ON_FILE(int, fstat, "fstat", (int file, struct stat *found), (file, found))
ON_FILE(int, fstat64, "fstat", (int file, struct stat64 *found), (file, found))
ON_FILE(int, flock, "flock", (int file, int how), (file, how))
ON_FILE(int, posix_fallocate, "fallocate", (int file, off_t at, off_t size), (file, at, size))
ON_FILE(int, posix_fallocate64, "fallocate", (int file, off64_t at, off64_t size), (file, at, size))

#define MAPPED(name, offset) \
    void *name(void *where, size_t size, int how, int flags, int file, offset at) { \
        static void *(*real)(void *, size_t, int, int, int, offset); \
        if (!real) real = dlsym(RTLD_NEXT, #name); \
        if (file >= 0 && file_fails("mmap", file)) return (void *)-1; \
        return real(where, size, how, flags, file, at); \
    }
MAPPED(mmap, off_t)
MAPPED(mmap64, off64_t)
