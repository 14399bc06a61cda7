//! The types of values, and which of them stands for another one.

use std::fmt;

/// The type of an expression. `Display` is Trino's text: `bigint`, `array(varchar)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrinoType {
    /// `true` or `false`.
    Boolean,
    /// 32 bits: what a literal such as `5` is.
    Integer,
    /// 64 bits.
    Bigint,
    /// Floating point of 64 bits; decimal literals are doubles here.
    Double,
    /// Text without a bound.
    Varchar,
    /// Text of at most so many characters, as a literal is.
    VarcharOf(u32),
    /// A JSON value.
    Json,
    /// A day.
    Date,
    /// Milliseconds without a zone.
    Timestamp,
    /// Milliseconds since 1970, shown in UTC.
    TimestampTz,
    /// `INTERVAL '1' DAY`: milliseconds.
    IntervalDay,
    /// `INTERVAL '1' MONTH`: months.
    IntervalYear,
    /// A list.
    Array(Box<TrinoType>),
    /// Keys and values.
    Map(Box<TrinoType>, Box<TrinoType>),
    /// The type of `NULL`.
    Unknown,
}

impl TrinoType {
    /// An array of these.
    pub fn array(element: TrinoType) -> TrinoType {
        TrinoType::Array(Box::new(element))
    }

    /// Text, bounded or not.
    pub fn is_text(&self) -> bool {
        matches!(self, TrinoType::Varchar | TrinoType::VarcharOf(_))
    }

    /// A number.
    pub fn is_number(&self) -> bool {
        matches!(self, TrinoType::Integer | TrinoType::Bigint | TrinoType::Double)
    }

    /// Whether `<` is defined.
    pub fn is_orderable(&self) -> bool {
        !matches!(self, TrinoType::Map(..) | TrinoType::Json | TrinoType::Array(_))
    }

    /// Whether it is kept as JSON in TEXT.
    pub fn is_nested(&self) -> bool {
        matches!(self, TrinoType::Array(_) | TrinoType::Map(..))
    }

    /// Whether a value of this type is taken where `wanted` is, without a cast.
    pub fn fits(&self, wanted: &TrinoType) -> bool {
        use TrinoType::{
            Array, Bigint, Date, Double, Integer, Map, Timestamp, TimestampTz, Unknown, Varchar,
        };
        match (self, wanted) {
            (own, other) if own == other => true,
            (Unknown, _) => true,
            (Integer, Bigint | Double) | (Bigint, Double) => true,
            (TrinoType::VarcharOf(_), Varchar) => true,
            (TrinoType::VarcharOf(own), TrinoType::VarcharOf(other)) => own <= other,
            (Date, Timestamp | TimestampTz) | (Timestamp, TimestampTz) => true,
            (Array(own), Array(other)) => own.fits(other),
            (Map(key, value), Map(other_key, other_value)) => key.fits(other_key) && value.fits(other_value),
            _ => false,
        }
    }

    /// The type that both are taken as.
    pub fn common(&self, other: &TrinoType) -> Option<TrinoType> {
        use TrinoType::{Array, Map};
        if self.fits(other) {
            return Some(other.clone());
        }
        if other.fits(self) {
            return Some(self.clone());
        }
        match (self, other) {
            (Array(own), Array(other)) => Some(TrinoType::array(own.common(other)?)),
            (Map(key, value), Map(other_key, other_value)) => {
                Some(Map(Box::new(key.common(other_key)?), Box::new(value.common(other_value)?)))
            }
            _ => None,
        }
    }
}

impl fmt::Display for TrinoType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TrinoType::Boolean => "boolean",
            TrinoType::Integer => "integer",
            TrinoType::Bigint => "bigint",
            TrinoType::Double => "double",
            TrinoType::Varchar => "varchar",
            TrinoType::VarcharOf(length) => return write!(f, "varchar({length})"),
            TrinoType::Json => "json",
            TrinoType::Date => "date",
            TrinoType::Timestamp => "timestamp(3)",
            TrinoType::TimestampTz => "timestamp(3) with time zone",
            TrinoType::IntervalDay => "interval day to second",
            TrinoType::IntervalYear => "interval year to month",
            TrinoType::Array(element) => return write!(f, "array({element})"),
            TrinoType::Map(key, value) => return write!(f, "map({key}, {value})"),
            TrinoType::Unknown => "unknown",
        })
    }
}

/// The type of a text such as `array(varchar)`.
pub(super) fn parse_type(text: &str) -> Option<TrinoType> {
    let text = text.trim().to_lowercase();
    let (name, arguments) = match text.split_once('(') {
        Some((name, rest)) => (name.trim(), Some(rest)),
        None => (text.as_str(), None),
    };
    let Some(arguments) = arguments else {
        return Some(match name {
            "boolean" | "bool" => TrinoType::Boolean,
            "integer" | "int" => TrinoType::Integer,
            "bigint" => TrinoType::Bigint,
            "double" | "double precision" => TrinoType::Double,
            "varchar" => TrinoType::Varchar,
            "json" => TrinoType::Json,
            "date" => TrinoType::Date,
            "timestamp" | "timestamp without time zone" => TrinoType::Timestamp,
            "timestamp with time zone" => TrinoType::TimestampTz,
            "interval day to second" => TrinoType::IntervalDay,
            "interval year to month" => TrinoType::IntervalYear,
            "unknown" => TrinoType::Unknown,
            _ => return None,
        });
    };
    let (arguments, after) = arguments.rsplit_once(')')?;
    match (name, after.trim()) {
        ("varchar", "") => Some(TrinoType::VarcharOf(arguments.trim().parse().ok()?)),
        ("timestamp", "" | "without time zone") if arguments.trim() == "3" => Some(TrinoType::Timestamp),
        ("timestamp", "with time zone") if arguments.trim() == "3" => Some(TrinoType::TimestampTz),
        ("array", "") => Some(TrinoType::array(parse_type(arguments)?)),
        ("map", "") => {
            let mut depth = 0_i32;
            let comma = arguments.char_indices().find(|(_, c)| {
                depth = match c {
                    '(' => depth.saturating_add(1),
                    ')' => depth.saturating_sub(1),
                    _ => depth,
                };
                *c == ',' && depth == 0
            })?;
            let (key, value) = arguments.split_at_checked(comma.0)?;
            let value = value.strip_prefix(',')?;
            Some(TrinoType::Map(Box::new(parse_type(key)?), Box::new(parse_type(value)?)))
        }
        _ => None,
    }
}
