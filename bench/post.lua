-- Posts so many bodies, by turns, and checks every answer: wrk ... -s post.lua URL -- HEADERS COUNT FIRST BODY...
-- Where a body has "%NUMBER%", every request gets another number, counted from FIRST.
-- Prints "finished" after the last answer, and when it is interrupted then, what wrk counted, as JSON.
local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds, nanoseconds; } timespec; int clock_gettime(int clock, timespec *time);")

count, number, begun, answered, wrong, body_bytes, started, seconds = 0, 0, 0, 0, 0, 0, 0, 0
local checking

local function now()
  local time = ffi.new("timespec")
  ffi.C.clock_gettime(1, time)
  return tonumber(time.seconds) + tonumber(time.nanoseconds) / 1e9
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

local function by_turns(paths)
  local bodies = {}
  for index, path in ipairs(paths) do
    bodies[index] = read(path)
  end
  return function()
    number = number + 1
    local body = bodies[number % #bodies + 1]:gsub("%%NUMBER%%", tostring(number))
    return wrk.format(nil, nil, nil, body)
  end
end

function setup(thread)
  checking = thread
end

function init(arguments)
  wrk.method = "POST"
  for line in io.lines(arguments[1]) do
    local name, value = line:match("^(%S+): (.*)$")
    wrk.headers[name] = value
  end
  count, number = tonumber(arguments[2]), tonumber(arguments[3])
  if #arguments == 4 then
    wrk.body = read(arguments[4])
  else
    request = by_turns({ unpack(arguments, 4) })
  end
end

-- Called before every request: when enough have begun, the rest wait for a time that never comes.
function delay()
  if begun == 0 then
    started = now()
  end
  begun = begun + 1
  return begun > count and 1e9 or 0
end

function response(status, headers, body)
  answered = answered + 1
  body_bytes = body_bytes + #body
  if status ~= 200 or body:find('"errors"', 1, true) then
    wrong = wrong + 1
  end
  if answered == count then
    seconds = now() - started
    io.write("finished\n")
    io.flush()
  end
end

function done(summary, latency)
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "longest": %f, "wrong": %d, "body": %f}\n',
    summary.requests, checking:get("seconds"),
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3,
    checking:get("wrong"), checking:get("body_bytes") / math.max(summary.requests, 1)
  ))
end
