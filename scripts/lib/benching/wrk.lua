-- Goes round a file of raw requests (a line with the length, then so many bytes) and tells the result as JSON. Where a
-- request says `{key}` it gets a name that no other has: the second argument and a number.

local MARK = "{key}"
local heads, tails, index, count, prefix = {}, {}, 0, 0, ""

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  prefix = arguments[2]
  for length in function() return file:read("*l") end do
    local request = file:read(tonumber(length))
    local from, to = request:find(MARK, 1, true)
    heads[#heads + 1] = from and request:sub(1, from - 1) or request
    tails[#heads] = from and request:sub(to + 1) or false
    file:read("*l")
  end
  file:close()
end

function request()
  index = index % #heads + 1
  if not tails[index] then
    return heads[index]
  end
  count = count + 1
  return heads[index] .. prefix .. string.format("-%012d", count) .. tails[index]
end

function done(summary, latency)
  local faults = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.6f, "p50_us": %d, "p99_us": %d, "max_us": %d, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99), latency.max,
    faults.status, faults.connect + faults.read + faults.write + faults.timeout))
end
