//! What Trino refuses, with its name and its words: SQLite alone would answer most of these.

use super::{Table, answer, database};
use serde_json::json;
use tdx_rt::sandbox::trino::TrinoType;

pub fn tables() -> Vec<Table> {
    vec![
        Table {
            name: "t",
            columns: vec![
                ("time", TrinoType::Bigint),
                ("name", TrinoType::Varchar),
                ("n", TrinoType::Bigint),
                ("d", TrinoType::Double),
                ("b", TrinoType::Boolean),
                ("arr", TrinoType::array(TrinoType::Varchar)),
            ],
            rows: vec![
                vec![json!(100), json!("a"), json!(1), json!(1.5), json!(true), json!(["x", "y"])],
                vec![json!(200), json!("b"), json!(0), json!(2.5), json!(false), json!([])],
            ],
        },
        Table {
            name: "u",
            columns: vec![("name", TrinoType::Varchar), ("v", TrinoType::Bigint)],
            rows: vec![vec![json!("a"), json!(10)], vec![json!("q"), json!(30)]],
        },
    ]
}

/// Query, error name, message.
const REFUSED: &[(&str, &str, &str)] = &[
    // Names.
    ("SELECT x FROM t", "COLUMN_NOT_FOUND", "line 1:8: Column 'x' cannot be resolved"),
    ("SELECT \"zzz\" FROM t", "COLUMN_NOT_FOUND", "line 1:8: Column 'zzz' cannot be resolved"),
    (
        "SELECT name\nFROM t\nWHERE  nmae = 'a'",
        "COLUMN_NOT_FOUND",
        "line 3:8: Column 'nmae' cannot be resolved",
    ),
    ("SELECT u.name FROM t", "COLUMN_NOT_FOUND", "line 1:8: Column 'u.name' cannot be resolved"),
    ("SELECT t.name FROM t AS x", "COLUMN_NOT_FOUND", "line 1:8: Column 't.name' cannot be resolved"),
    ("SELECT n AS m FROM t WHERE m = 1", "COLUMN_NOT_FOUND", "line 1:28: Column 'm' cannot be resolved"),
    (
        "SELECT count(*) AS c FROM t HAVING c > 1",
        "COLUMN_NOT_FOUND",
        "line 1:36: Column 'c' cannot be resolved",
    ),
    (
        "SELECT n AS m, count(*) FROM t GROUP BY m",
        "COLUMN_NOT_FOUND",
        "line 1:41: Column 'm' cannot be resolved",
    ),
    ("SELECT name FROM t, u", "AMBIGUOUS_NAME", "line 1:8: Column 'name' is ambiguous"),
    (
        "SELECT t.name FROM t JOIN u USING (name)",
        "COLUMN_NOT_FOUND",
        "line 1:8: Column 't.name' cannot be resolved",
    ),
    (
        "SELECT 1 FROM t JOIN u USING (v)",
        "COLUMN_NOT_FOUND",
        "line 1:31: Column 'v' is missing from left side of join",
    ),
    ("SELECT * FROM nope", "TABLE_NOT_FOUND", "line 1:15: Table 'td-presto.db.nope' does not exist"),
    ("SELECT * FROM web.t", "SCHEMA_NOT_FOUND", "line 1:15: Schema 'web' does not exist"),
    ("SELECT * FROM hive.db.t", "CATALOG_NOT_FOUND", "line 1:15: Catalog 'hive' does not exist"),
    (
        "SELECT * FROM sqlite_master",
        "TABLE_NOT_FOUND",
        "line 1:15: Table 'td-presto.db.sqlite_master' does not exist",
    ),
    (
        "SELECT * FROM \"rows of t\"",
        "TABLE_NOT_FOUND",
        "line 1:15: Table 'td-presto.db.rows of t' does not exist",
    ),
    ("SELECT rowid FROM t", "COLUMN_NOT_FOUND", "line 1:8: Column 'rowid' cannot be resolved"),
    ("SELECT x.* FROM t", "TABLE_NOT_FOUND", "line 1:8: Unable to resolve reference x"),
    ("SELECT *", "COLUMN_NOT_FOUND", "line 1:8: SELECT * not allowed in queries without FROM clause"),
    (
        "SELECT * FROM (SELECT 1, 2) AS q(a)",
        "MISMATCHED_COLUMN_ALIASES",
        "line 1:32: Column alias list has 1 entries but 'q' has 2 columns available",
    ),
    (
        "WITH a AS (SELECT 1), a AS (SELECT 2) SELECT 1",
        "DUPLICATE_NAMED_QUERY",
        "line 1:23: WITH query name 'a' specified more than once",
    ),
    // Types.
    ("SELECT n = '5' FROM t", "TYPE_MISMATCH", "line 1:10: Cannot apply operator: bigint = varchar(1)"),
    ("SELECT name > 5 FROM t", "TYPE_MISMATCH", "line 1:13: Cannot apply operator: varchar > integer"),
    ("SELECT b < 1 FROM t", "TYPE_MISMATCH", "line 1:10: Cannot apply operator: boolean < integer"),
    (
        "SELECT arr = 'x' FROM t",
        "TYPE_MISMATCH",
        "line 1:12: Cannot apply operator: array(varchar) = varchar(1)",
    ),
    ("SELECT name + 1 FROM t", "TYPE_MISMATCH", "line 1:13: Cannot apply operator: varchar + integer"),
    ("SELECT name || n FROM t", "TYPE_MISMATCH", "line 1:13: Cannot apply operator: varchar || bigint"),
    ("SELECT -name FROM t", "TYPE_MISMATCH", "line 1:8: Cannot apply operator: -varchar"),
    (
        "SELECT 1 WHERE 1",
        "TYPE_MISMATCH",
        "line 1:16: WHERE clause must evaluate to a boolean: actual type integer",
    ),
    (
        "SELECT n AND b FROM t",
        "TYPE_MISMATCH",
        "line 1:8: Logical expression term must evaluate to a boolean: actual type bigint",
    ),
    (
        "SELECT NOT n FROM t",
        "TYPE_MISMATCH",
        "line 1:8: Value of logical NOT expression must evaluate to a boolean (actual: bigint)",
    ),
    (
        "SELECT n LIKE 'a' FROM t",
        "TYPE_MISMATCH",
        "line 1:10: Left side of LIKE expression must evaluate to a varchar (actual: bigint)",
    ),
    (
        "SELECT name BETWEEN 1 AND 2 FROM t",
        "TYPE_MISMATCH",
        "line 1:13: Cannot check if varchar is BETWEEN integer and integer",
    ),
    (
        "SELECT n IN (1, 'a') FROM t",
        "TYPE_MISMATCH",
        "line 1:8: IN value and list items must be the same type or coercible to a common type. Cannot find common type between bigint and varchar(1), all types (without duplicates): [bigint, integer, varchar(1)]",
    ),
    (
        "SELECT n IN (SELECT name FROM u) FROM t",
        "TYPE_MISMATCH",
        "line 1:8: value and result of subquery must be of the same type for IN expression: bigint vs varchar",
    ),
    (
        "SELECT CASE WHEN b THEN 1 ELSE 'x' END FROM t",
        "TYPE_MISMATCH",
        "line 1:8: All CASE results must be the same type or coercible to a common type. Cannot find common type between integer and varchar(1), all types (without duplicates): [integer, varchar(1)]",
    ),
    (
        "SELECT CASE WHEN n THEN 1 END FROM t",
        "TYPE_MISMATCH",
        "line 1:18: CASE WHEN clause must evaluate to a boolean (actual: bigint)",
    ),
    (
        "SELECT CASE n WHEN 'a' THEN 1 END FROM t",
        "TYPE_MISMATCH",
        "line 1:20: CASE operand type does not match WHEN clause operand type: bigint vs varchar(1)",
    ),
    (
        "SELECT IF(b, 1, 'x') FROM t",
        "TYPE_MISMATCH",
        "line 1:8: Result types for IF must be the same: integer vs varchar(1)",
    ),
    (
        "SELECT nullif(n, 'x') FROM t",
        "TYPE_MISMATCH",
        "line 1:8: Types are not comparable with NULLIF: bigint vs varchar(1)",
    ),
    (
        "SELECT coalesce(n, 'x') FROM t",
        "TYPE_MISMATCH",
        "line 1:8: All COALESCE operands must be the same type or coercible to a common type. Cannot find common type between bigint and varchar(1), all types (without duplicates): [bigint, varchar(1)]",
    ),
    ("SELECT CAST(arr AS bigint) FROM t", "TYPE_MISMATCH", "line 1:8: Cannot cast array(varchar) to bigint"),
    ("SELECT CAST(n AS nothing) FROM t", "TYPE_NOT_FOUND", "line 1:8: Unknown type: nothing"),
    ("SELECT n['a'] FROM t", "TYPE_MISMATCH", "line 1:8: Cannot apply operator: bigint[varchar(1)]"),
    (
        "SELECT * FROM t ORDER BY arr",
        "TYPE_MISMATCH",
        "line 1:26: Type array(varchar) is not orderable, and therefore cannot be used in ORDER BY: arr",
    ),
    (
        "SELECT * FROM t CROSS JOIN UNNEST(name) AS q(x)",
        "TYPE_MISMATCH",
        "line 1:28: Cannot unnest type: varchar",
    ),
    (
        "SELECT * FROM t JOIN u ON t.n",
        "TYPE_MISMATCH",
        "line 1:27: JOIN ON clause must evaluate to a boolean: actual type bigint",
    ),
    (
        "SELECT 1 UNION SELECT 1, 2",
        "TYPE_MISMATCH",
        "line 1:1: UNION query has different number of fields: 1, 2",
    ),
    (
        "SELECT 1 UNION SELECT 'a'",
        "TYPE_MISMATCH",
        "line 1:1: column 1 in UNION query has incompatible types: integer, varchar(1)",
    ),
    (
        "SELECT (SELECT name, v FROM u)",
        "NOT_SUPPORTED",
        "line 1:9: Multiple columns returned by subquery are not yet supported. Found 2",
    ),
    // Functions.
    ("SELECT ifnull(n, 1) FROM t", "FUNCTION_NOT_FOUND", "line 1:8: Function 'ifnull' not registered"),
    (
        "SELECT group_concat(name) FROM t",
        "FUNCTION_NOT_FOUND",
        "line 1:8: Function 'group_concat' not registered",
    ),
    ("SELECT sqlite_version()", "FUNCTION_NOT_FOUND", "line 1:8: Function 'sqlite_version' not registered"),
    (
        "SELECT load_extension('x')",
        "FUNCTION_NOT_FOUND",
        "line 1:8: Function 'load_extension' not registered",
    ),
    (
        "SELECT lower(1)",
        "FUNCTION_NOT_FOUND",
        "line 1:8: Unexpected parameters (integer) for function lower. Expected: lower(varchar)",
    ),
    (
        "SELECT sum(name) FROM t",
        "FUNCTION_NOT_FOUND",
        "line 1:8: Unexpected parameters (varchar) for function sum. Expected: sum(bigint), sum(double)",
    ),
    (
        "SELECT row_number() FROM t",
        "MISSING_OVER",
        "line 1:8: Window function row_number requires an OVER clause",
    ),
    (
        "SELECT td_interval(name, '-1d') FROM t",
        "FUNCTION_NOT_FOUND",
        "line 1:8: Unexpected parameters (varchar) for function td_interval. Expected: td_interval(bigint, varchar), td_interval(bigint, varchar, varchar)",
    ),
    (
        "SELECT td_interval(time, 'yesterday') FROM t",
        "INVALID_FUNCTION_ARGUMENT",
        "line 1:8: Invalid interval string: yesterday",
    ),
    (
        "SELECT td_time_range(time, 'soon') FROM t",
        "INVALID_FUNCTION_ARGUMENT",
        "line 1:8: Cannot parse time: soon",
    ),
    (
        "SELECT td_time_range(time, 1, 2, 'Moon/Base') FROM t",
        "INVALID_FUNCTION_ARGUMENT",
        "line 1:8: Unknown time zone: Moon/Base",
    ),
    // Groups.
    (
        "SELECT name, n FROM t GROUP BY name",
        "EXPRESSION_NOT_AGGREGATE",
        "line 1:14: 'n' must be an aggregate expression or appear in GROUP BY clause",
    ),
    (
        "SELECT name, count(*) FROM t",
        "EXPRESSION_NOT_AGGREGATE",
        "line 1:8: 'name' must be an aggregate expression or appear in GROUP BY clause",
    ),
    (
        "SELECT n + time FROM t GROUP BY n",
        "EXPRESSION_NOT_AGGREGATE",
        "line 1:10: '(n + time)' must be an aggregate expression or appear in GROUP BY clause",
    ),
    (
        "SELECT name FROM t GROUP BY name ORDER BY n",
        "EXPRESSION_NOT_AGGREGATE",
        "line 1:43: 'n' must be an aggregate expression or appear in GROUP BY clause",
    ),
    (
        "SELECT name FROM t GROUP BY name HAVING n > 1",
        "EXPRESSION_NOT_AGGREGATE",
        "line 1:43: '(n > 1)' must be an aggregate expression or appear in GROUP BY clause",
    ),
    (
        "SELECT name FROM t GROUP BY 2",
        "INVALID_COLUMN_REFERENCE",
        "line 1:29: GROUP BY position 2 is not in select list",
    ),
    (
        "SELECT name FROM t ORDER BY 0",
        "INVALID_COLUMN_REFERENCE",
        "line 1:29: ORDER BY position 0 is not in select list",
    ),
    (
        "SELECT DISTINCT name FROM t ORDER BY n",
        "EXPRESSION_NOT_IN_DISTINCT",
        "line 1:38: For SELECT DISTINCT, ORDER BY expressions must appear in select list",
    ),
    (
        "SELECT sum(count(*)) FROM t",
        "NESTED_AGGREGATION",
        "line 1:12: Cannot nest aggregations inside aggregation: [count(*)]",
    ),
    (
        "SELECT 1 FROM t WHERE count(*) > 1",
        "EXPRESSION_NOT_SCALAR",
        "line 1:23: WHERE clause cannot contain aggregations, window functions or grouping operations: [count(*)]",
    ),
    (
        "SELECT count(*) FROM t GROUP BY 1",
        "EXPRESSION_NOT_SCALAR",
        "line 1:8: GROUP BY clause cannot contain aggregations, window functions or grouping operations: [count(*)]",
    ),
    (
        "SELECT name FROM t GROUP BY name HAVING count(*)",
        "TYPE_MISMATCH",
        "line 1:41: HAVING clause must evaluate to a boolean: actual type bigint",
    ),
    (
        "SELECT 1 FROM t HAVING rank() OVER () = 1",
        "NESTED_WINDOW",
        "line 1:24: HAVING clause cannot contain window functions or row pattern measures",
    ),
    // While it runs.
    ("SELECT 7 / 0", "DIVISION_BY_ZERO", "Division by zero"),
    ("SELECT 7 % n FROM t", "DIVISION_BY_ZERO", "Division by zero"),
    ("SELECT CAST('abc' AS bigint)", "INVALID_CAST_ARGUMENT", "Cannot cast 'abc' to BIGINT"),
    ("SELECT CAST('' AS double)", "INVALID_CAST_ARGUMENT", "Cannot cast '' to DOUBLE"),
    ("SELECT CAST('yes' AS boolean)", "INVALID_CAST_ARGUMENT", "Cannot cast 'yes' to BOOLEAN"),
    (
        "SELECT CAST('2024-02-30' AS date)",
        "INVALID_CAST_ARGUMENT",
        "Value cannot be cast to date: 2024-02-30",
    ),
    (
        "SELECT 9223372036854775807 + 1",
        "NUMERIC_VALUE_OUT_OF_RANGE",
        "bigint addition overflow: 9223372036854775807 + 1",
    ),
    ("SELECT 2147483647 + 1", "NUMERIC_VALUE_OUT_OF_RANGE", "integer addition overflow: 2147483647 + 1"),
    (
        "SELECT n * 9223372036854775807 * 2 FROM t",
        "NUMERIC_VALUE_OUT_OF_RANGE",
        "bigint multiplication overflow: 9223372036854775807 * 2",
    ),
    (
        "SELECT sum(x) FROM (VALUES 9223372036854775807, 9223372036854775807) AS q(x)",
        "NUMERIC_VALUE_OUT_OF_RANGE",
        "bigint addition overflow",
    ),
    (
        "SELECT arr[3] FROM t",
        "INVALID_FUNCTION_ARGUMENT",
        "Array subscript must be less than or equal to array length: 3 > 2",
    ),
    ("SELECT arr[0] FROM t", "INVALID_FUNCTION_ARGUMENT", "SQL array indices start at 1"),
    ("SELECT map(ARRAY['a'], ARRAY[1])['b']", "INVALID_FUNCTION_ARGUMENT", "Key not present in map: b"),
    ("SELECT json_parse('{a')", "INVALID_FUNCTION_ARGUMENT", "Cannot convert value to JSON: '{a'"),
    ("SELECT split_part('a', 'b', 0)", "INVALID_FUNCTION_ARGUMENT", "Index must be greater than zero"),
    (
        "SELECT 'a' LIKE 'b' ESCAPE 'xx'",
        "INVALID_FUNCTION_ARGUMENT",
        "Escape string must be a single character",
    ),
    ("SELECT (SELECT v FROM u)", "SUBQUERY_MULTIPLE_ROWS", "Scalar sub-query has returned multiple rows"),
    // Grammar, and what is no part of the sandbox.
    ("SELECT * FRM t", "SYNTAX_ERROR", "line 1:10: mismatched input 'FRM'. Expecting: <EOF>"),
    (
        "SELECT name FROM t LIMIT name",
        "SYNTAX_ERROR",
        "line 1:26: mismatched input 'name'. Expecting: 'ALL', <integer>",
    ),
    ("SELECT 1 = 1 = 1", "SYNTAX_ERROR", "line 1:10: mismatched input '='. Expecting: <EOF>"),
    ("SELECT 1; SELECT 2", "SYNTAX_ERROR", "line 1:11: mismatched input 'SELECT'. Expecting: <EOF>"),
    ("SELECT `name` FROM t", "SYNTAX_ERROR", "line 1:8: mismatched input '`'. Expecting: <expression>"),
    ("SELECT n::varchar FROM t", "SYNTAX_ERROR", "line 1:9: mismatched input '::'. Expecting: <EOF>"),
    ("SELECT", "SYNTAX_ERROR", "line 1:7: mismatched input '<EOF>'. Expecting: <expression>"),
    ("SELECT 'a", "SYNTAX_ERROR", "line 1:8: Unterminated string literal"),
    ("", "SYNTAX_ERROR", "line 1:1: mismatched input '<EOF>'. Expecting: <query>"),
    ("PRAGMA table_info(t)", "SYNTAX_ERROR", "line 1:1: mismatched input 'PRAGMA'. Expecting: <query>"),
    ("DELETE FROM t", "NOT_SUPPORTED", "line 1:1: Statements other than queries are not supported"),
    (
        "WITH RECURSIVE r AS (SELECT 1) SELECT * FROM r",
        "NOT_SUPPORTED",
        "line 1:1: WITH RECURSIVE is not supported",
    ),
    ("SELECT * FROM t NATURAL JOIN u", "NOT_SUPPORTED", "line 1:30: Natural join is not supported"),
    (
        "SELECT name, count(*) FROM t GROUP BY ROLLUP (name)",
        "NOT_SUPPORTED",
        "line 1:47: GROUPING SETS is not supported",
    ),
    (
        "SELECT CAST(n AS decimal(10, 2)) FROM t",
        "NOT_SUPPORTED",
        "line 1:8: Type decimal(10,2) is not supported",
    ),
];

#[test]
fn what_trino_refuses_is_refused_in_its_words() {
    let tables = tables();
    let mut connection = database(&tables);
    let mut wrong = Vec::new();
    for (sql, name, message) in REFUSED {
        match answer(&mut connection, &tables, sql) {
            Err(error) if error.name == *name && error.message == *message => {}
            other => wrong.push(format!("{sql}\n   wanted {name}: {message}\n   got {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
