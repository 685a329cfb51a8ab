// Keeps the kernel's receive time stamps switched on. The first socket that asks for them switches them on
// for the host, a moment later, and the last one off again: without a keeper the first answers of a run would
// have none, and so would some where each request has a connection of its own. Owner: the shard's thread.
// Tested in tests/loopback/sockets_test.cpp.
#pragma once

namespace saturn {

class StampKeeper {
 public:
  StampKeeper() = default;
  ~StampKeeper();
  StampKeeper(const StampKeeper&) = delete;
  StampKeeper& operator=(const StampKeeper&) = delete;

  /// Asks for stamps and waits until datagrams to itself carry them; not long where they never do (a filter,
  /// a host without loopback): the run goes on, and says what is missing.
  void start();

 private:
  int fd_ = -1;
};

}  // namespace saturn
