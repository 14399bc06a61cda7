//! The formats of a result.

use super::cell::{text, write_json, write_text};
use flate2::Compression;
use flate2::write::GzEncoder;
use rmpv::Value as Packed;
use std::fmt;
use std::io::{self, BufRead, Write};
use std::str::FromStr;

/// A format of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultFormat {
    /// An array of cells a line.
    Json,
    /// An object a line, by the names of the columns (our choice: the contract names no form).
    Jsonl,
    /// Cells with commas between them.
    Csv,
    /// Cells with tabs between them.
    Tsv,
    /// Arrays, one after the other.
    Msgpack,
    /// The same in gzip.
    MsgpackGz,
}

/// A string that is not a [`ResultFormat`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not one of: json, jsonl, csv, tsv, msgpack, msgpack.gz")]
pub struct UnknownFormat(pub String);

impl FromStr for ResultFormat {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "json" => ResultFormat::Json,
            "jsonl" => ResultFormat::Jsonl,
            "csv" => ResultFormat::Csv,
            "tsv" => ResultFormat::Tsv,
            "msgpack" => ResultFormat::Msgpack,
            "msgpack.gz" => ResultFormat::MsgpackGz,
            _ => return Err(UnknownFormat(text.to_owned())),
        })
    }
}

impl ResultFormat {
    /// The name, as [`FromStr`] reads it.
    pub fn as_str(self) -> &'static str {
        match self {
            ResultFormat::Json => "json",
            ResultFormat::Jsonl => "jsonl",
            ResultFormat::Csv => "csv",
            ResultFormat::Tsv => "tsv",
            ResultFormat::Msgpack => "msgpack",
            ResultFormat::MsgpackGz => "msgpack.gz",
        }
    }

    /// The media type (our choice within the contract's).
    pub fn media_type(self) -> &'static str {
        match self {
            ResultFormat::Json => "application/json",
            ResultFormat::Jsonl => "application/x-ndjson",
            ResultFormat::Csv | ResultFormat::Tsv => "application/octet-stream",
            ResultFormat::Msgpack => "application/x-msgpack",
            ResultFormat::MsgpackGz => "application/x-gzip",
        }
    }
}

/// A format with its options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResultShape {
    /// The format.
    pub format: ResultFormat,
    /// Whether the names of the columns come first; of no effect on `jsonl`, which has them in each line.
    pub header: bool,
    /// Whether `NaN` and infinities are null; of no effect on MessagePack, which has them.
    pub nullify: bool,
}

impl ResultShape {
    /// Whether the file of a result has this shape.
    pub fn is_as_stored(self) -> bool {
        self.format == ResultFormat::MsgpackGz && !self.header
    }
}

impl fmt::Display for ResultShape {
    /// The end of a file's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = if self.header { "-header" } else { "" };
        let nullify = if self.nullify { "-nullify" } else { "" };
        write!(f, "{}{header}{nullify}", self.format.as_str())
    }
}

/// Writes the rows of a result in a shape.
pub fn write(
    mut rows: impl BufRead,
    columns: &[(String, String)],
    shape: ResultShape,
    out: &mut impl Write,
) -> io::Result<()> {
    let names: Vec<Packed> = columns.iter().map(|(name, _)| name.as_str().into()).collect();
    let header = shape.header.then_some(Packed::Array(names));
    match shape.format {
        ResultFormat::Msgpack => {
            if let Some(header) = header {
                rmpv::encode::write_value(out, &header).map_err(io::Error::from)?;
            }
            io::copy(&mut rows, out)?;
        }
        ResultFormat::MsgpackGz => {
            let mut packed = GzEncoder::new(&mut *out, Compression::fast());
            if let Some(header) = header {
                rmpv::encode::write_value(&mut packed, &header).map_err(io::Error::from)?;
            }
            io::copy(&mut rows, &mut packed)?;
            packed.finish()?;
        }
        ResultFormat::Json => {
            if let Some(header) = header {
                line(&header, false, out)?;
            }
            while let Some(row) = next(&mut rows)? {
                line(&row, shape.nullify, out)?;
            }
        }
        ResultFormat::Jsonl => {
            while let Some(row) = next(&mut rows)? {
                object(&row, columns, shape.nullify, out)?;
            }
        }
        ResultFormat::Csv => cells(&mut rows, header.as_ref(), shape.nullify, b',', out)?,
        ResultFormat::Tsv => cells(&mut rows, header.as_ref(), shape.nullify, b'\t', out)?,
    }
    Ok(())
}

/// The next row; `None` at the end.
fn next(rows: &mut impl BufRead) -> io::Result<Option<Packed>> {
    if rows.fill_buf()?.is_empty() {
        return Ok(None);
    }
    rmpv::decode::read_value(rows).map(Some).map_err(io::Error::from)
}

fn items(row: &Packed) -> &[Packed] {
    row.as_array().map_or(&[], Vec::as_slice)
}

fn line(row: &Packed, nullify: bool, out: &mut impl Write) -> io::Result<()> {
    write_json(row, nullify, out)?;
    out.write_all(b"\n")
}

fn object(row: &Packed, columns: &[(String, String)], nullify: bool, out: &mut impl Write) -> io::Result<()> {
    let mut between = b"{";
    for ((name, _), cell) in columns.iter().zip(items(row)) {
        out.write_all(between)?;
        write_text(name, out)?;
        out.write_all(b":")?;
        write_json(cell, nullify, out)?;
        between = b",";
    }
    out.write_all(if columns.is_empty() { b"{}\n" } else { b"}\n" })
}

fn cells(
    rows: &mut impl BufRead,
    header: Option<&Packed>,
    nullify: bool,
    delimiter: u8,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(out);
    let mut write = |row: &Packed| {
        for cell in items(row) {
            table.write_field(text(cell, nullify)?.as_bytes())?;
        }
        table.write_record(None::<&[u8]>).map_err(io::Error::from)
    };
    if let Some(header) = header {
        write(header)?;
    }
    while let Some(row) = next(rows)? {
        write(&row)?;
    }
    table.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::results::cell::{pack, unpack};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn columns() -> Vec<(String, String)> {
        [("n", "bigint"), ("a \"name\"", "double"), ("l", "array(varchar)")]
            .map(|(name, kind)| (name.to_owned(), kind.to_owned()))
            .into()
    }

    fn written(rows: &[Packed], shape: ResultShape) -> Vec<u8> {
        let mut packed = Vec::new();
        for row in rows {
            rmpv::encode::write_value(&mut packed, row).unwrap();
        }
        let mut out = Vec::new();
        write(packed.as_slice(), &columns(), shape, &mut out).unwrap();
        out
    }

    fn text_of(rows: &[Packed], format: ResultFormat, header: bool, nullify: bool) -> String {
        String::from_utf8(written(rows, ResultShape { format, header, nullify })).unwrap()
    }

    #[test]
    fn each_format() {
        let rows = [
            Packed::Array(vec![7.into(), Packed::F64(1.0), pack(json!(["x", "y\"z"]))]),
            Packed::Array(vec![Packed::Nil, Packed::F64(f64::NAN), Packed::Nil]),
            Packed::Array(vec![(-1).into(), Packed::F64(f64::NEG_INFINITY), pack(json!([]))]),
        ];
        use ResultFormat::{Csv, Json, Jsonl, Tsv};
        assert_eq!(
            text_of(&rows, Json, true, false),
            "[\"n\",\"a \\\"name\\\"\",\"l\"]\n[7,1.0,[\"x\",\"y\\\"z\"]]\n[null,NaN,null]\n[-1,-Infinity,[]]\n"
        );
        assert_eq!(text_of(&rows[1..], Json, false, true), "[null,null,null]\n[-1,null,[]]\n");
        assert_eq!(
            text_of(&rows[..1], Jsonl, true, true),
            "{\"n\":7,\"a \\\"name\\\"\":1.0,\"l\":[\"x\",\"y\\\"z\"]}\n"
        );
        assert_eq!(
            text_of(&rows, Csv, true, false),
            "n,\"a \"\"name\"\"\",l\n7,1.0,\"[\"\"x\"\",\"\"y\\\"\"z\"\"]\"\n,NaN,\n-1,-Infinity,[]\n"
        );
        assert_eq!(text_of(&rows[1..2], Tsv, false, true), "\t\t\n");
        let header =
            written(&[], ResultShape { format: ResultFormat::Msgpack, header: true, nullify: false });
        assert_eq!(
            unpack(rmpv::decode::read_value(&mut header.as_slice()).unwrap()),
            json!(["n", "a \"name\"", "l"])
        );
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            prop::num::f64::NORMAL.prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(cells in prop::collection::vec(any_value(), 0..5)) {
            let packed = pack(Value::Array(cells.clone()));
            let mut bytes = Vec::new();
            rmpv::encode::write_value(&mut bytes, &packed).unwrap();
            let again = rmpv::decode::read_value(&mut bytes.as_slice()).unwrap();
            prop_assert_eq!(unpack(again.clone()), Value::Array(cells.clone()));
            let mut json = Vec::new();
            write_json(&again, false, &mut json).unwrap();
            prop_assert_eq!(serde_json::from_slice::<Value>(&json).unwrap(), Value::Array(cells));
        }
    }
}
