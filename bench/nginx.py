"""The REST answers, served as files by nginx."""

from pathlib import Path

from bench.answers import HEADERS, LARGE, MEDIA_TYPE, SLOW_GUID, SMALL, Workspace

PAGES = 400  # Arena's longest page
STATUS_PATH = "/requests"

CONFIGURATION = """
daemon off;
master_process off;
worker_processes 1;
pid nginx.pid;
error_log error.log warn;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  types {{ }}
  default_type "{media_type}";
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  underscores_in_headers on;
  server_tokens off;
  etag off;
  if_modified_since off;
  max_ranges 0;
  sendfile off;
  tcp_nodelay on;
  output_buffers 1 1m;
  open_file_cache max=4000 inactive=1h;
  open_file_cache_valid 1h;
  open_file_cache_errors on;
  upstream slow {{ server 127.0.0.1:{slow_port}; keepalive 8; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    root answers;
    add_header Last-Modified "";
    {headers}
    location = {status_path} {{ stub_status; }}
    location / {{
      if ($http_arena_session_id = "") {{ return 401 '{{"status":401,"errors":[{{"code":401}}]}}'; }}
      try_files $uri/$arg_limit-$arg_offset.json $uri.json =404;
    }}
    location = {small}/tickets/{slow_guid} {{
      proxy_pass http://slow;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }}
    location = {small}/qualityprocesses/statuschanges {{
      if ($http_arena_session_id = "") {{ return 401; }}
      if ($request_method != POST) {{ return 405; }}
      return 201 '{status_change}';
    }}
  }}
}}
"""


def write_prefix(folder: Path, port: int, slow_port: int) -> None:
    """Write what nginx needs: its configuration, and the answers as files.

    Args:
        folder: Empty; nginx's prefix.
        port: Where it listens.
        slow_port: Where the server is that answers what is slow.
    """
    text = CONFIGURATION.format(
        media_type=MEDIA_TYPE,
        port=port,
        slow_port=slow_port,
        status_path=STATUS_PATH,
        headers=" ".join(f'add_header {name} "{value}";' for name, value in HEADERS.items()),
        small=SMALL.base,
        slow_guid=SLOW_GUID,
        status_change=SMALL.status_change.decode().replace("'", r"\'"),
    )
    (folder / "nginx.conf").write_text(text)
    for workspace in (SMALL, LARGE):
        for name, body in workspace.files(_lists(workspace)).items():
            path = folder / "answers" / name.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)


def command(nginx: str, folder: Path) -> list[str]:
    return [nginx, "-p", str(folder), "-c", "nginx.conf", "-e", str(folder / "error.log")]


def _lists(workspace: Workspace) -> set[tuple[int, int]]:
    """The pages a server may ask for that lists what a workload wants, with or without one row more."""
    counts = {len(workspace.processes) // times for times in (1, 4, 16)} | {
        len(workspace.tickets) // times for times in (1, 4, 16)
    }
    wanted = {count + more for count in counts for more in (0, 1)}
    return {(min(count - offset, PAGES), offset) for count in wanted for offset in range(0, count, PAGES)} | {
        (PAGES, 0)
    }
