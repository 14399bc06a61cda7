//! TD API v3: databases and tables, as a client reads them.
//!
//! Only fields that are used are named.

use crate::platform::time::parse_platform;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// `GET /v3/database/list`.
#[derive(Debug, Clone, Deserialize)]
pub struct DatabaseList {
    /// All databases that the key may see.
    pub databases: Vec<Database>,
}

/// A database.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Database {
    /// Its name.
    pub name: String,
    /// Number of records in all its tables.
    #[serde(default)]
    pub count: u64,
    /// `2020-12-31 11:22:33 UTC`.
    #[serde(default)]
    pub created_at: String,
    /// `2020-12-31 11:22:33 UTC`.
    #[serde(default)]
    pub updated_at: String,
}

/// `GET /v3/table/list/{db}`.
#[derive(Debug, Clone, Deserialize)]
pub struct TableList {
    /// Its tables.
    pub tables: Vec<Table>,
}

/// A table of a database.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Number of records.
    #[serde(default)]
    pub count: u64,
    /// Time of the last record in seconds since the epoch; shows whether the table is alive. See
    /// [`seconds`] for the forms that it is read from.
    #[serde(default, deserialize_with = "moment")]
    pub last_log_timestamp: Option<i64>,
    /// A JSON *string*: `[["column","type","alias"?,"description"?],…]`; see [`Table::columns`].
    #[serde(default)]
    pub schema: Value,
}

fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(seconds(&Value::deserialize(deserializer)?))
}

/// A time of the TD API in seconds since the epoch; `None` for none and for what is no time.
///
/// The OpenAPI file has an integer. On the wire it is a string (td-client-python `table_api.py`,
/// td-client-go): `2014-10-04T01:13:15Z` or `2014-10-04 01:13:15 UTC`, and `""` or `null` for none.
pub fn seconds(value: &Value) -> Option<i64> {
    let text = match value {
        Value::Number(number) => return number.as_i64().or_else(|| number.as_f64().map(|time| time as i64)),
        Value::String(text) => text.trim(),
        _ => return None,
    };
    text.parse().ok().or_else(|| parse_platform(text).map(|ms| ms.div_euclid(1_000)))
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Name in the data.
    pub name: String,
    /// Type as the platform writes it: `string`, `int`, `long`, `double`, `float`, `array<…>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Name to use in queries when it differs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub alias: Option<String>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
}

impl Column {
    /// Whether the values are numbers.
    pub fn is_number(&self) -> bool {
        matches!(self.kind.as_str(), "int" | "long" | "double" | "float" | "number" | "bigint")
    }
}

impl Table {
    /// The columns, decoded from [`Table::schema`]. An empty schema has none, and a row without a name
    /// is no column. The error is serde's, for a string that is not JSON or not such an array.
    pub fn columns(&self) -> Result<Vec<Column>, serde_json::Error> {
        let rows: Vec<Value> = match &self.schema {
            Value::Null => return Ok(Vec::new()),
            Value::String(text) if text.trim().is_empty() => return Ok(Vec::new()),
            Value::String(text) => serde_json::from_str(text)?,
            other => serde_json::from_value(other.clone())?,
        };
        let column = |row: &Value| {
            let cell =
                |index: usize| row.get(index)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
            Some(Column {
                name: cell(0)?,
                kind: cell(1).unwrap_or_else(|| "string".to_owned()),
                alias: cell(2),
                description: cell(3),
            })
        };
        Ok(rows.iter().filter_map(column).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_schema_is_a_json_text_with_two_to_four_cells() {
        let table: Table = serde_json::from_value(json!({
            "id": 1, "name": "t",
            "schema": r#"[["a","string"],["b","long","bee"],["c","double","","price"]]"#
        }))
        .unwrap();
        let columns = table.columns().unwrap();
        assert_eq!(columns.len(), 3);
        assert_eq!(columns[1].alias.as_deref(), Some("bee"));
        assert_eq!((columns[2].alias.as_deref(), columns[2].description.as_deref()), (None, Some("price")));
        assert!(columns[2].is_number() && !columns[0].is_number());
    }

    #[test]
    fn a_time_is_read_in_every_form_that_occurs() {
        let at = Some(1_412_385_195);
        for form in [
            json!("2014-10-04T01:13:15Z"),
            json!("2014-10-04 01:13:15 UTC"),
            json!("2014-10-04 01:13:15"),
            json!("2014-10-04 01:13:15 +0000"),
            json!("2014-10-04T03:13:15.250+02:00"),
            json!("1412385195"),
            json!(1_412_385_195),
            json!(1_412_385_195.5),
        ] {
            assert_eq!(seconds(&form), at, "{form}");
        }
        for none in
            [json!(null), json!(""), json!(" "), json!("soon"), json!([1]), json!({"at": 1}), json!(true)]
        {
            assert_eq!(seconds(&none), None, "{none}");
        }
    }

    #[test]
    fn a_schema_may_be_missing_or_an_array() {
        let columns = |schema: Value| Table { schema, ..Table::default() }.columns();
        for none in [json!(null), json!(""), json!("[]"), json!([])] {
            assert_eq!(columns(none.clone()).unwrap(), [], "{none}");
        }
        assert_eq!(columns(json!([["a", "long"], [], [5], ["b", null]])).unwrap().len(), 2);
        assert!(columns(json!("a string")).is_err() && columns(json!({"a": 1})).is_err());
    }
}
