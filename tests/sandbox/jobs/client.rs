//! The vendor's td-client from PyPI, unchanged.
//!
//! `.ci/run` installs it, and names its Python in `TDX_RT_TD_CLIENT`. Elsewhere the test takes `python3` if it can import
//! it, and says that it is skipped otherwise.

use crate::common::{Platform, skipped};
use serde_json::json;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// What all scripts begin with. A client that polls looks again at once: the clock of the sandbox stands still.
const HEAD: &str = "
import io, json, os, time, gzip, tempfile
import msgpack, tdclient
from tdclient import errors
time.sleep = lambda seconds: None
endpoint, key = os.environ['ENDPOINT'], os.environ['KEY']
client = tdclient.Client(apikey=key, endpoint=endpoint + '/', retry_post_requests=False)
def refused(kind, call):
    try:
        call()
    except kind as error:
        return str(error)
    raise AssertionError('not refused')
";

/// Python with the client; `None` without.
fn python() -> Option<String> {
    let given = std::env::var("TDX_RT_TD_CLIENT").ok();
    let python = given.clone().unwrap_or_else(|| "python3".to_owned());
    let found = Command::new(&python).args(["-c", "import tdclient"]).stderr(Stdio::null()).status();
    let found = found.is_ok_and(|status| status.success());
    assert!(found || given.is_none(), "{python} cannot import tdclient");
    if !found {
        skipped(
            "td-client is not installed: `pip install td-client`, and name its Python in TDX_RT_TD_CLIENT",
        );
    }
    found.then_some(python)
}

/// Runs a script; what it prints.
#[track_caller]
fn run(platform: &Platform, script: &str) -> Option<String> {
    let mut child = Command::new(python()?)
        .arg("-")
        .env("ENDPOINT", &platform.url)
        .env("KEY", &platform.api_key)
        .env("NO_PROXY", "*")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python runs");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(format!("{HEAD}{script}").as_bytes()).expect("python reads");
    drop(input);
    let output = child.wait_with_output().expect("python ends");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stderr}\n{stdout}");
    Some(stdout.into_owned())
}

#[test]
fn queries_and_results() {
    let platform = Platform::start();
    platform.control("pace", json!({"jobs": "5reads"}));
    run(
        &platform,
        "
client.create_log_table('web_events', 'visits')
records = [{'time': 1761955000 + n, 'n': n, 'who': 'v%d' % (n % 3), 'x': n / 4} for n in range(10)]
file = tempfile.NamedTemporaryFile(suffix='.json')
file.write(''.join(json.dumps(record) + '\\n' for record in records).encode())
file.flush()
client.import_file('web_events', 'visits', 'json', file.name)

sql = 'SELECT who, count(*) AS n, sum(x) AS x FROM visits GROUP BY who ORDER BY who'
job = client.query('web_events', sql, type='trino', priority='HIGH', retry_limit=1)
assert not job.finished()
looked = []
job.wait(wait_interval=0, wait_callback=lambda job: looked.append(job.status()))
assert 'running' in looked, looked
assert job.success() and job.status() == 'success', job.status()
wanted = [['v0', 4, 4.5], ['v1', 3, 3.0], ['v2', 3, 3.75]]
assert list(job.result()) == wanted, list(job.result())
assert list(job.result_format('json')) == wanted
assert list(job.result_format('msgpack')) == wanted
assert list(job.result_format('msgpack', store_tmpfile=True)) == wanted
assert client.api.job_result_format(job.id, 'json', header=True)[0] == ['who', 'n', 'x']
with tempfile.TemporaryDirectory() as folder:
    path = folder + '/result.msgpack.gz'
    assert client.download_job_result(job.id, path)
    assert list(msgpack.Unpacker(gzip.open(path), raw=False)) == wanted
job.update()
assert job.result_schema == [['who', 'varchar'], ['n', 'bigint'], ['x', 'double']], job.result_schema
assert (job.num_records, job.priority, job.retry_limit, job.type) == (3, 'HIGH', 1, 'trino')
assert job.query == sql and job.database == 'web_events' and job.result_url is None
listed = client.jobs(0, 5)
assert [other.id for other in listed] == [job.id] and listed[0].query == sql
assert client.job(job.id).status() == 'success'

# The type that is not named is hive.
job = client.query('web_events', 'SELECT 1')
job.wait(wait_interval=0)
assert job.error() and 'type trino' in job.debug['stderr'], job.debug

job = client.query('web_events', 'SELECT * FROM nothing', type='presto')
job.wait(wait_interval=0)
assert job.error() and \"does not exist\" in job.debug['stderr'], job.debug
refused(errors.NotFoundError, lambda: client.api.job_result(job.id))
refused(errors.NotFoundError, lambda: client.job('999999'))
refused(errors.NotFoundError, lambda: client.query('nothing', 'SELECT 1', type='trino'))

job = client.query('web_events', 'SELECT 1', type='trino', domain_key='once')
again = refused(errors.AlreadyExistsError, lambda: client.query('web_events', 'SELECT 1', type='trino', domain_key='once'))
assert json.loads(again[again.index('{'):])['details']['conflicts_with'] == job.id, again
assert client.server_status() == 'ok'
",
    );
}

#[test]
fn kills() {
    let platform = Platform::start();
    platform.control("pace", json!({"jobs": "never"}));
    run(
        &platform,
        "
job = client.query('web_events', 'SELECT 1', type='trino')
refused(RuntimeError, lambda: job.wait(timeout=0.01, wait_interval=0))
assert job.kill() in ('queued', 'running')
job.update()
assert job.killed() and job.finished() and job.status() == 'killed'
",
    );
}

#[test]
fn tables_and_imports() {
    let platform = Platform::start();
    run(
        &platform,
        "
client.create_database('sales')
refused(errors.AlreadyExistsError, lambda: client.create_database('sales'))
client.create_log_table('sales', 'orders')
refused(errors.AlreadyExistsError, lambda: client.create_log_table('sales', 'orders'))

def packed(records):
    data = b''.join(msgpack.packb(record) for record in records)
    return gzip.compress(data)

data = packed([{'time': 1761955000 + n, 'n': n, 'name': 'o%d' % n, 'big': 2 ** 62} for n in range(5)])
assert client.import_data('sales', 'orders', 'msgpack.gz', data, len(data)) >= 0
for _ in range(2):
    client.import_data('sales', 'orders', 'msgpack.gz', io.BytesIO(data), len(data), unique_id='batch-1')
file = tempfile.NamedTemporaryFile(suffix='.csv')
file.write(b'time,n,name\\n1761955100,100,late\\n')
file.flush()
client.import_file('sales', 'orders', 'csv', file.name)

tail = client.tail('sales', 'orders', 2)
assert [row['n'] for row in tail][0] == 100 and tail[0]['name'] == 'late', tail
table = client.table('sales', 'orders')
assert table.count == 11 and table.type == 'log', table.count
assert ['n', 'long'] in [field[:2] for field in table.schema], table.schema
job = client.query('sales', 'SELECT max(big) AS big, count(*) AS c FROM orders', type='trino')
job.wait(wait_interval=0)
assert list(job.result()) == [[2 ** 62, 11]], list(job.result())

assert client.delete_table('sales', 'orders') == 'log'
refused(errors.NotFoundError, lambda: client.tail('sales', 'orders', 1))
client.delete_database('sales')
refused(errors.NotFoundError, lambda: client.database('sales').tables())
refused(errors.AuthError, lambda: tdclient.Client(apikey='1/x', endpoint=endpoint + '/').databases())
",
    );
}
