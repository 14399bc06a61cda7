//! Made-up attributes.

use super::tape::{Tape, event_id};
use crate::plan::safe_identifier;
use crate::platform::wire::*;
use std::collections::HashSet;

fn list(tape: &mut Tape, events: &[KeyEvent]) -> ListSpec {
    const KINDS: [AggregationType; 6] = [
        AggregationType::DistinctList,
        AggregationType::First,
        AggregationType::Last,
        AggregationType::Sum,
        AggregationType::Min,
        AggregationType::Max,
    ];
    let column = tape.odd();
    let mut aggregations: Vec<Aggregation> = tape
        .names(3)
        .into_iter()
        .enumerate()
        .map(|(index, name)| Aggregation {
            identifier: if tape.maybe() { format!("{name}{index}") } else { safe_identifier(&name) },
            name,
            aggregation_type: *tape.of(&KINDS),
            column: tape.odd(),
            later: Default::default(),
        })
        .collect();
    let mut seen = HashSet::new();
    aggregations.retain(|aggregation| seen.insert(aggregation.identifier.clone()));
    if tape.below(2) == 0 {
        let aggregation_type = *tape.of(&KINDS);
        let items = || "items".to_owned();
        aggregations = vec![Aggregation {
            name: items(),
            identifier: items(),
            aggregation_type,
            column: column.clone(),
            later: Default::default(),
        }];
    }
    let action = |tape: &mut Tape| ListAction {
        action: *tape.of(&[ListActionKind::Clear, ListActionKind::DeleteItem]),
        realtime_key_event_id: event_id(tape, events),
        filter_rule: tape.filter(),
        later: Default::default(),
    };
    ListSpec {
        realtime_key_event_id: event_id(tape, events),
        filter_rule: tape.filter(),
        id_column: if tape.maybe() { tape.odd() } else { column.clone() },
        fields: if tape.maybe() { tape.names(3) } else { vec![column] },
        duration: *tape.of(&[
            Some(DurationSetting { value: 90, unit: DurationUnit::Day }),
            Some(DurationSetting { value: 2, unit: DurationUnit::Hour }),
            None,
        ]),
        max_items: *tape.of(&[Some(100), Some(7), None]),
        actions: (0..tape.below(3)).map(|_| action(tape)).collect(),
        aggregations,
    }
}

fn counter(tape: &mut Tape, events: &[KeyEvent]) -> CounterSpec {
    let sliding = tape.below(3) != 0;
    let mut sub_durations = Vec::new();
    if sliding {
        let named = tape.maybe();
        for index in 0..tape.below(4) {
            let duration = tape.length();
            let name = crate::plan::duration::text(duration);
            sub_durations.push(match named {
                true => SubDuration {
                    name: tape.odd(),
                    identifier: format!("w{index}"),
                    duration,
                    later: Default::default(),
                },
                false => SubDuration {
                    identifier: format!("window_{name}"),
                    name,
                    duration,
                    later: Default::default(),
                },
            });
        }
        let mut seen = HashSet::new();
        sub_durations.retain(|sub| seen.insert(sub.identifier.clone()));
    }
    let longest = sub_durations.iter().map(|sub| sub.duration).max_by_key(|duration| duration.seconds());
    let duration = match tape.below(4) {
        0 | 1 => longest,
        2 => Some(tape.length()),
        _ => None,
    };
    // The platform takes no sliding counter without a duration, and no window that is longer.
    let duration = match (duration, longest) {
        (None, None) if sliding => Some(tape.length()),
        (Some(main), Some(longest)) if main.seconds() < longest.seconds() => Some(longest),
        (main, _) => main,
    };
    CounterSpec {
        realtime_key_event_id: event_id(tape, events),
        filter_rule: tape.filter(),
        counter_type: if sliding { CounterType::Sliding } else { CounterType::Total },
        increment: match tape.below(4) {
            0 => Increment::Const(1.into()),
            1 => Increment::Const(3.into()),
            2 => Increment::Const(serde_json::Number::from_f64(2.5).unwrap()),
            _ => Increment::Field(tape.odd()),
        },
        duration,
        backfill: tape.backfill(),
        sub_durations,
    }
}

fn spec(tape: &mut Tape, events: &[KeyEvent], column: &str) -> AttributeSpec {
    match tape.below(6) {
        0 => AttributeSpec::Single(SingleSpec {
            realtime_key_event_id: event_id(tape, events),
            filter_rule: tape.filter(),
            value_column: tape.odd(),
            data_type: *tape.of(&[DataType::String, DataType::Number]),
            duration: if tape.maybe() { Some(tape.length()) } else { None },
            backfill: tape.backfill(),
            sensitive: tape.flag(),
        }),
        1 | 2 => AttributeSpec::List(list(tape, events)),
        3 => AttributeSpec::Counter(counter(tape, events)),
        4 => AttributeSpec::Imported(ImportedSpec {
            column: Some(column.to_owned()),
            data_type: tape.text(),
            sensitive: tape.flag(),
        }),
        _ => AttributeSpec::LookupCatalog(LookupCatalogSpec {
            lookup_catalog_table_name: tape.odd(),
            lookup_catalog_columns: tape
                .names(2)
                .into_iter()
                .map(|name| CatalogColumn { name, data_type: (*tape.of(&["string", "number"])).to_owned() })
                .collect(),
            lookup_keys: tape
                .names(2)
                .into_iter()
                .map(|id| LookupKey { id, kind: (*tape.of(&["string", "number"])).to_owned() })
                .collect(),
        }),
    }
}

pub fn attributes(tape: &mut Tape, events: &[KeyEvent]) -> Vec<RealtimeAttribute> {
    let mut identifiers = HashSet::new();
    let mut found = Vec::new();
    for (index, name) in tape.names(6).into_iter().enumerate() {
        // An import has its column's name; the forms have one that was renamed.
        let column = name.clone();
        let spec = spec(tape, events, &column);
        let mut identifier = match &spec {
            AttributeSpec::Imported(_) => column,
            _ if tape.maybe() => tape.odd().replace(char::is_whitespace, "_"),
            _ => safe_identifier(&name),
        };
        // The platform makes a column the identifier of its import, and no two are the same.
        if matches!(spec, AttributeSpec::Imported(_)) && identifiers.contains(&identifier) {
            continue;
        }
        while !identifiers.insert(identifier.clone()) {
            identifier.push('_');
        }
        let description = tape.text();
        found.push(RealtimeAttribute {
            id: Some(format!("{}", 200 + index)),
            name,
            identifier,
            description,
            spec,
        });
    }
    found
}
