"""A small pre-fork HTTP server: a master and two workers on one port, for tests of who did the work.

prefork_server.py one-works|reuse-port. `one-works`: both workers hold the one listening socket, only the first accepts.
`reuse-port`: each worker opens a socket of its own, the master has none. Prints "PORT MASTER WORKER WORKER" and serves until its
standard input ends.
"""
import os
import signal
import socket
import sys
import threading

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def serve(connection):
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while connection.recv(65536):
            connection.sendall(ANSWER)


def accept_forever(listener):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


def open_socket(port, reuse):
    listener = socket.socket()
    if reuse:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind(("127.0.0.1", port))
    return listener


def worker(run):
    pid = os.fork()
    if pid == 0:
        run()
        os._exit(0)
    return pid


def main(mode):
    reuse = mode == "reuse-port"
    holder = open_socket(0, reuse)
    port = holder.getsockname()[1]
    ready, tell = os.pipe()

    def work(accepts):
        listener = holder
        if reuse:
            listener = open_socket(port, True)
            holder.close()
        listener.listen(128)
        os.write(tell, b"x")
        if accepts:
            accept_forever(listener)
        signal.pause()

    if not reuse:
        holder.listen(128)
    workers = [worker(lambda: work(True)), worker(lambda: work(reuse))]
    for _ in workers:
        os.read(ready, 1)
    if reuse:
        holder.close()
    print(port, os.getpid(), *workers, flush=True)
    sys.stdin.read()
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main(sys.argv[1])
