"""A real seccomp filter for the tests of refusals: put on a process before saturn starts in it."""
import ctypes
import os
import platform
import struct

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
SECCOMP_RET_ERRNO, SECCOMP_RET_ALLOW = 0x00050000, 0x7FFF0000
LOAD_WORD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
NUMBER_AT, FIRST_ARGUMENT_AT = 0, 16  # in struct seccomp_data; arguments are 8 bytes each
IO_URING_SETUP = 425  # the same number on every architecture
SETSOCKOPT = {"x86_64": 54, "aarch64": 208}.get(platform.machine())
SO_TIMESTAMPNS = 35
SO_TIMESTAMPING = 37
TCP_CONGESTION = 13


def refuse(call, error, argument=None, value=None):
    """Answers the system call `call` with `error`, where `argument` (0 …) has `value` if they are given; allows the rest."""
    refusal = [(RETURN, 0, 0, SECCOMP_RET_ERRNO | error)]
    if argument is not None:
        refusal = [(LOAD_WORD, 0, 0, FIRST_ARGUMENT_AT + 8 * argument), (JUMP_IF_EQUAL, 0, 1, value), *refusal]
    lines = [(LOAD_WORD, 0, 0, NUMBER_AT), (JUMP_IF_EQUAL, 0, len(refusal), call), *refusal, (RETURN, 0, 0, SECCOMP_RET_ALLOW)]
    program = b"".join(struct.pack("HBBI", *line) for line in lines)
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        os._exit(70)
    holder = ctypes.create_string_buffer(header, len(header))
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(holder), 0, 0) != 0:
        os._exit(71)
