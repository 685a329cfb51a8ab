#include <gtest/gtest.h>

#include <cerrno>

#include "system/uring/ring.hpp"
#include "system/uring/user_data.hpp"

namespace saturn {
namespace {

TEST(UringRefusal, AFilterInAContainerNamesTheProfileToStartWith) {
  const Error error = explain_refusal(EPERM, 0, true);
  EXPECT_EQ(error.kind, ErrorKind::setup);
  EXPECT_NE(error.message.find("seccomp"), std::string::npos);
  EXPECT_NE(error.remedy.find("docker run --security-opt seccomp=tools/docker/seccomp.json"),
            std::string::npos);
}

TEST(UringRefusal, TheSysctlIsNamedWhenItIsTheCause) {
  EXPECT_NE(explain_refusal(EPERM, 2, false).remedy.find("sysctl kernel.io_uring_disabled=0"),
            std::string::npos);
  EXPECT_NE(explain_refusal(EPERM, 1, true).message.find("kernel.io_uring_disabled = 1"), std::string::npos);
}

TEST(UringRefusal, NoIoUringAndTooLittleMemoryHaveTheirOwnRemedies) {
  EXPECT_NE(explain_refusal(ENOSYS, -1, false).message.find("no io_uring"), std::string::npos);
  EXPECT_NE(explain_refusal(ENOMEM, 0, true).remedy.find("IPC_LOCK"), std::string::npos);
  EXPECT_NE(explain_refusal(EINVAL, 0, false).message.find("too old"), std::string::npos);
}

TEST(UserData, PacksAndUnpacks) {
  const UserData what{UserData::Op::receive, 0x0ABCDEF, 4'000'000'000U};
  const UserData back = UserData::unpack(what.pack());
  EXPECT_EQ(back.op, what.op);
  EXPECT_EQ(back.generation, what.generation);
  EXPECT_EQ(back.slot, what.slot);
}

TEST(UserData, AGenerationWrapsWithoutTouchingItsNeighbours) {
  const UserData back =
      UserData::unpack(UserData{UserData::Op::send, UserData::kGenerationMask + 6, 1}.pack());
  EXPECT_EQ(back.op, UserData::Op::send);
  EXPECT_EQ(back.generation, 5U);
  EXPECT_EQ(back.slot, 1U);
}

}  // namespace
}  // namespace saturn
