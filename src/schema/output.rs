//! What one command prints, and its JSON Schema.

use super::columns::columns;
use super::{DEFINITIONS, references, resolved, transform};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What a command, or one of its subcommands, prints as JSON.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// The words of the command, such as `rt-events list`; for what is no command, one word.
    pub name: &'static str,
    form: Form,
    /// Whether it writes whatever its arguments are, so that a dry run has only requests to print.
    pub writes: bool,
    /// Whether it adds to the document that it reads, whose further keys no schema names.
    pub passes_on: bool,
    /// The field that has the things which the command lists, where the document is no list itself.
    pub rows: Option<&'static str>,
    /// The columns that people see of a list; all where there are none.
    pub shown: &'static [&'static str],
}

#[derive(Debug, Clone, Copy)]
enum Form {
    /// A schema that is written down, with `extends` and `keys_of`, and the types that it refers to.
    File { text: &'static str, types: fn(&mut SchemaGenerator) },
    /// The schema of a type.
    Type { title: &'static str, description: &'static str, schema: fn(&mut SchemaGenerator) -> Value },
}

impl Output {
    /// A document of this type.
    pub const fn of<T: JsonSchema>(
        name: &'static str,
        title: &'static str,
        description: &'static str,
    ) -> Self {
        let schema = |generator: &mut SchemaGenerator| T::json_schema(generator).to_value();
        Output::new(name, Form::Type { title, description, schema })
    }

    /// A list of items of this type.
    pub const fn list<T: JsonSchema>(
        name: &'static str,
        title: &'static str,
        description: &'static str,
    ) -> Self {
        let schema =
            |generator: &mut SchemaGenerator| json!({"type": "array", "items": T::json_schema(generator)});
        Output::new(name, Form::Type { title, description, schema })
    }

    /// One document of this type where one item is asked for, a list of them otherwise.
    pub const fn one_or_list<T: JsonSchema>(
        name: &'static str,
        title: &'static str,
        description: &'static str,
    ) -> Self {
        let schema = |generator: &mut SchemaGenerator| {
            let one = generator.subschema_for::<T>();
            json!({"anyOf": [one, {"type": "array", "items": one}]})
        };
        Output::new(name, Form::Type { title, description, schema })
    }

    /// A document of the first type, or in place of it one of the second.
    pub const fn either<T: JsonSchema, U: JsonSchema>(
        name: &'static str,
        title: &'static str,
        description: &'static str,
    ) -> Self {
        let schema = |generator: &mut SchemaGenerator| json!({"anyOf": [generator.subschema_for::<T>(), generator.subschema_for::<U>()]});
        Output::new(name, Form::Type { title, description, schema })
    }

    /// A schema that is written down: a plan with what a step adds to it.
    pub const fn file(name: &'static str, text: &'static str) -> Self {
        Output::new(name, Form::File { text, types: |_| {} })
    }

    /// Of a written schema that refers to this type by its name, or to those of a tuple.
    #[must_use]
    pub const fn with<T: JsonSchema>(self) -> Self {
        let Form::File { text, .. } = self.form else { return self };
        let types = |generator: &mut SchemaGenerator| drop(generator.subschema_for::<T>());
        Output { form: Form::File { text, types }, ..self }
    }

    const fn new(name: &'static str, form: Form) -> Self {
        Output { name, form, writes: false, passes_on: false, rows: None, shown: &[] }
    }

    /// Of a command that writes whatever its arguments are.
    #[must_use]
    pub const fn writes(self) -> Self {
        Output { writes: true, ..self }
    }

    /// Of a command that adds to the document that it reads.
    #[must_use]
    pub const fn passes_on(self) -> Self {
        Output { passes_on: true, ..self }
    }

    /// Of a command that lists the things in this field.
    #[must_use]
    pub const fn rows(self, field: &'static str) -> Self {
        Output { rows: Some(field), ..self }
    }

    /// Of a list whose table for people has these columns.
    #[must_use]
    pub const fn shown(self, columns: &'static [&'static str]) -> Self {
        Output { shown: columns, ..self }
    }

    /// The schema as a document of its own, with the definitions that it needs.
    pub(super) fn schema(&self, shared: fn(&mut SchemaGenerator)) -> Option<Value> {
        let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
            settings.meta_schema = None;
            settings.transforms = vec![Box::new(transform::House)];
        });
        let mut generator = settings.into_generator();
        let mut schema = match self.form {
            Form::File { text, types } => {
                types(&mut generator);
                serde_json::from_str(text).ok()?
            }
            Form::Type { title, description, schema } => {
                let mut schema = schema(&mut generator);
                transform::apply(&mut schema);
                let map = schema.as_object_mut()?;
                map.insert("title".into(), title.into());
                map.insert("description".into(), description.into());
                schema
            }
        };
        shared(&mut generator);
        let typed = generator.take_definitions(true);
        schema = resolved(schema);
        let mut needed = BTreeSet::new();
        references(&schema, &mut needed);
        let mut definitions = Map::new();
        while let Some(next) = needed.pop_first() {
            if definitions.contains_key(&next) {
                continue;
            }
            let definition = typed.get(&next).or_else(|| DEFINITIONS.get(&next))?;
            let definition = resolved(definition.clone());
            references(&definition, &mut needed);
            definitions.insert(next, definition);
        }
        let mut document = Map::new();
        document.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
        document.insert("$id".into(), format!("urn:tdx-rt:schema:{}", self.name.replace(' ', ":")).into());
        let rest = schema.as_object_mut()?;
        for about in ["title", "description"] {
            document.insert(about.into(), rest.shift_remove(about)?);
        }
        document.append(rest);
        if !definitions.is_empty() {
            definitions.sort_keys();
            document.insert("$defs".into(), Value::Object(definitions));
        }
        let mut document = Value::Object(document);
        if let (Some(columns), Some(map)) = (columns(&document, self.rows), document.as_object_mut()) {
            map.insert("x-columns".into(), columns.into());
        }
        Some(document)
    }
}
