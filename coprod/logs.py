"""Logs say which page, never whose: the route stands in for the path."""

import logging
import re

# Behind any of these stands a code, which together with a time would tell a hall from a hall. Behind /data/ it is one
# where it is as long as a token: a partnership's own figures have such an address too.
_CODED = re.compile(
    r"(/m/|/invitation/|/calendar/|/charter/|(?<!/years/\d{4})/pack/|/data/(?=[\w-]{20})|[?&]code=)"
    r"(?:(?! HTTP/| from )[^\"'\n])*"
)
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?<!\w)[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?!\w)")


class RouteOnly(logging.Filter):
    """Rewrites a record so that neither a meeting's code nor an address is written down."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = _CODED.sub(r"\1<code>", record.getMessage())
        record.msg, record.args = _ADDRESS.sub("<address>", message), ()
        if record.exc_info:
            # A traceback's last line may quote what was typed; its frames do not.
            kind = record.exc_info[0]
            record.exc_text = "".join(_frames(record.exc_info)) + (kind.__name__ if kind else "")
        return True


def _frames(exc_info: tuple) -> list[str]:
    import traceback

    return traceback.format_tb(exc_info[2])
