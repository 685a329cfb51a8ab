# Writes version.cpp's facts. The git revision is looked up at configure time; a tarball build says "unknown".
find_package(Git QUIET)
set(SATURN_GIT "unknown")
if(Git_FOUND AND EXISTS "${PROJECT_SOURCE_DIR}/.git")
  execute_process(COMMAND "${GIT_EXECUTABLE}" -c "safe.directory=${PROJECT_SOURCE_DIR}" describe --always --dirty --abbrev=10
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE SATURN_GIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
string(TOLOWER "${CMAKE_CXX_COMPILER_ID}" SATURN_COMPILER_ID)
string(REPLACE "gnu" "gcc" SATURN_COMPILER_ID "${SATURN_COMPILER_ID}")
set(SATURN_COMPILER "${SATURN_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}")
