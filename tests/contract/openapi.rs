//! The facts of the vendor's published OpenAPI files: their operations, and checks of a value against one.

use super::facts;
use super::schema::{convert, follow};
use boon::{Compiler, Draft, SchemaIndex, Schemas};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;

/// First segments of paths that are no `/{database}/{table}` of the personalization API.
const RESERVED: [&str; 4] = ["audiences", "entities", "v3", "v4"];

/// All operations of the files.
pub struct Contract {
    pub operations: Vec<Operation>,
    documents: Vec<Value>,
    /// Schemas in use, by their address in `documents` or `operations`, which do not change.
    compiled: RefCell<HashMap<usize, Compiled>>,
}

/// A schema that values can be checked against.
struct Compiled {
    schemas: Schemas,
    index: SchemaIndex,
}

/// One operation.
pub struct Operation {
    /// `GET`, `POST`, …
    pub method: String,
    /// `/audiences/{audienceId}`, with the base path of the file's servers in front.
    pub template: String,
    /// Its description in the file.
    described: Value,
    /// Parameters, those of the path included; references followed.
    parameters: Vec<Value>,
    /// Index into [`Contract::documents`].
    document: usize,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.template)
    }
}

impl Contract {
    /// Reads the facts.
    pub fn load() -> Self {
        let mut contract =
            Contract { operations: Vec::new(), documents: Vec::new(), compiled: RefCell::default() };
        facts::FILES.into_iter().for_each(|name| contract.add(facts::read(name)));
        contract
    }

    fn add(&mut self, document: Value) {
        let base = document["base"].as_str().unwrap_or_default();
        for (path, item) in object(&document, "/paths") {
            for (method, described) in object(item, "") {
                self.operations.push(Operation {
                    method: method.to_uppercase(),
                    template: format!("{base}{path}"),
                    described: described.clone(),
                    parameters: list(described, "parameters")
                        .map(|one| follow(&document, one).clone())
                        .collect(),
                    document: self.documents.len(),
                });
            }
        }
        self.documents.push(document);
    }

    /// The operation that a request is for; a literal segment fits better than a parameter.
    pub fn find(&self, method: &str, path: &str) -> Option<&Operation> {
        let segments: Vec<&str> = path.split('/').collect();
        let fits = |operation: &&Operation| {
            let wanted: Vec<&str> = operation.template.split('/').collect();
            operation.method == method
                && wanted.len() == segments.len()
                && wanted.iter().zip(&segments).enumerate().all(|(index, (wanted, segment))| {
                    let free = wanted.starts_with('{') && !segment.is_empty();
                    wanted == segment || free && !(index == 1 && RESERVED.contains(segment))
                })
        };
        let literals =
            |operation: &&Operation| operation.template.split('/').filter(|s| !s.starts_with('{')).count();
        self.operations.iter().filter(fits).max_by_key(literals)
    }

    /// The media types that a request of the operation may have; empty when it has no body.
    pub fn request_types(&self, operation: &Operation) -> Vec<String> {
        let body = operation.described.get("requestBody").unwrap_or(&Value::Null);
        object(self.follow(operation, body), "/content").map(|(media, _)| media.clone()).collect()
    }

    /// The schema of a request's body, as `schema::convert` has it.
    pub fn request_schema(&self, operation: &Operation) -> Option<Value> {
        let body = self.follow(operation, operation.described.get("requestBody")?);
        let (_, content) = object(body, "/content").next()?;
        Some(convert(&self.documents[operation.document], &content["schema"]))
    }

    /// The query parameters by name, each with what its schema lists as values.
    pub fn query_parameters<'a>(&'a self, operation: &'a Operation) -> Vec<(&'a str, &'a Value)> {
        let queries = operation.parameters.iter().filter(|parameter| parameter["in"] == "query");
        let listed = |parameter: &'a Value| {
            Some((parameter["name"].as_str()?, self.follow(operation, &parameter["schema"])))
        };
        queries.filter_map(listed).collect()
    }

    /// What is wrong with a request's path and query.
    pub fn check_target(&self, operation: &Operation, path: &str, query: &[(String, String)]) -> Vec<String> {
        let names = operation.template.split('/').map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let mut given: Vec<(&str, &str, &str)> =
            query.iter().map(|(name, value)| ("query", name.as_str(), value.as_str())).collect();
        given.extend(names.zip(path.split('/')).filter_map(|(name, part)| Some(("path", name?, part))));
        let mut wrong = Vec::new();
        for (place, name, text) in given {
            let declared = operation.parameters.iter().find(|p| p["name"] == name && p["in"] == place);
            let Some(schema) = declared.map(|parameter| &parameter["schema"]) else {
                wrong.push(format!("the {place} parameter '{name}' is not declared"));
                continue;
            };
            let kind = &self.follow(operation, schema)["type"];
            let value = match kind.as_str() {
                Some("string") => text.into(),
                _ => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
            };
            wrong.extend(
                self.check(operation, schema, &value).err().map(|e| format!("{place} '{name}': {e}")),
            );
        }
        wrong
    }

    /// Checks a request's body.
    pub fn check_request(&self, operation: &Operation, media: &str, body: &Value) -> Result<(), String> {
        let described =
            self.follow(operation, operation.described.get("requestBody").unwrap_or(&Value::Null));
        match described["content"].get(media) {
            None => Err(format!("a body of type '{media}' is not in the files")),
            Some(content) => self.check(operation, &content["schema"], body),
        }
    }

    /// Checks an answer's status, media type and body. An error status that the files do not name
    /// passes; so does a body that they do not describe.
    pub fn check_answer(
        &self,
        operation: &Operation,
        status: u16,
        media: &str,
        body: &Value,
    ) -> Result<(), String> {
        let class = format!("{}XX", status / 100);
        let responses = &operation.described["responses"];
        let Some(response) = responses.get(status.to_string()).or_else(|| responses.get(&class)) else {
            let named = object(responses, "").any(|(name, _)| name.starts_with('2'));
            // Some operations describe only how they fail.
            return if status < 300 && named {
                Err(format!("the status {status} is not in the files"))
            } else {
                Ok(())
            };
        };
        let mut content = object(self.follow(operation, response), "/content").peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        match content.find(|(name, _)| *name == media) {
            None => Err(format!("an answer of type '{media}' is not in the files")),
            Some((_, content)) => self.check(operation, &content["schema"], body),
        }
    }

    fn follow<'a>(&'a self, operation: &Operation, value: &'a Value) -> &'a Value {
        follow(&self.documents[operation.document], value)
    }

    fn check(&self, operation: &Operation, schema: &Value, value: &Value) -> Result<(), String> {
        let mut compiled = self.compiled.borrow_mut();
        let compiled = compiled.entry(std::ptr::from_ref(schema).addr()).or_insert_with(|| {
            let schema = convert(&self.documents[operation.document], schema);
            compile(schema).unwrap_or_else(|broken| panic!("{operation}: {broken}"))
        });
        compiled.check(value)
    }
}

/// Validates a value; the outer error is a schema that cannot be used.
pub fn validate(schema: Value, value: &Value) -> Result<Result<(), String>, String> {
    Ok(compile(schema)?.check(value))
}

const PLACE: &str = "http://contract/schema.json";

fn compile(schema: Value) -> Result<Compiled, String> {
    let mut compiler = Compiler::new();
    compiler.set_default_draft(Draft::V2020_12);
    compiler.enable_format_assertions();
    compiler.add_resource(PLACE, schema).map_err(|error| format!("{error:#}"))?;
    let mut schemas = Schemas::new();
    let index = compiler.compile(PLACE, &mut schemas).map_err(|error| format!("{error:#}"))?;
    Ok(Compiled { schemas, index })
}

impl Compiled {
    fn check(&self, value: &Value) -> Result<(), String> {
        let checked = self.schemas.validate(value, self.index);
        checked.map_err(|error| error.to_string().replace(&format!(" with {PLACE}#"), ""))
    }
}

fn object<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    value.pointer(pointer).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

#[test]
fn every_schema_of_the_files_can_be_checked() {
    let contract = &Contract::load();
    let mut count = 0;
    for operation in &contract.operations {
        let request = operation.described.get("requestBody").into_iter();
        let responses = object(&operation.described["responses"], "").map(|(_, response)| response);
        for described in request.chain(responses) {
            for (_, content) in object(contract.follow(operation, described), "/content") {
                // Whatever comes of it: the schema is converted and compiled.
                let _ = contract.check(operation, &content["schema"], &Value::Null);
                count += 1;
            }
        }
    }
    println!("{count} schemas");
    assert!(count > 0);
}
