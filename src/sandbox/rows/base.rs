//! The database.

use super::cell::{read_kind, shown, stored};
use super::home::Home;
use super::{KnownTable, KnownTables, RowsError, spool};
use crate::platform::wire::EventTable;
use crate::sandbox::trino::TrinoType;
use rusqlite::{Connection, params_from_iter};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The most columns of a table that are stored: SQLite takes 2,000.
const COLUMNS_MAX: usize = 1_900;

/// What is in the database, and up to which file of new records.
const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS stored_table (
        id INTEGER PRIMARY KEY, database TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (database, name));
    CREATE TABLE IF NOT EXISTS stored_column (
        table_id INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
        PRIMARY KEY (table_id, place)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS loaded (spool INTEGER NOT NULL);
";

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowColumn {
    /// Its name in records.
    pub name: String,
    /// Its type.
    pub kind: TrinoType,
}

/// How a table is stored: its name, and that of each known column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredShape {
    /// The name of the SQLite table.
    pub table: String,
    /// The columns with their names in the SQLite table, in the order of the known ones.
    pub columns: Vec<(RowColumn, String)>,
}

/// The open database.
#[derive(Debug)]
pub struct Base {
    file: PathBuf,
    connection: Connection,
    tables: HashMap<EventTable, StoredTable>,
    /// The number of the last file of new records that is in it.
    loaded: u64,
}

/// A table in it.
#[derive(Debug, Clone)]
struct StoredTable {
    id: i64,
    columns: Vec<RowColumn>,
    places: HashMap<String, usize>,
    /// The statement that adds a record.
    insert: String,
}

impl StoredTable {
    fn new(id: i64) -> Self {
        StoredTable { id, columns: Vec::new(), places: HashMap::new(), insert: String::new() }
    }

    fn name(&self) -> String {
        format!("t{}", self.id)
    }

    fn add(&mut self, column: RowColumn) {
        self.places.insert(column.name.clone(), self.columns.len());
        self.columns.push(column);
        let marks: Vec<String> = (1..=self.columns.len()).map(|place| format!("?{place}")).collect();
        self.insert = format!("INSERT INTO {} VALUES ({})", self.name(), marks.join(", "));
    }

    fn cells(&self, record: &Map<String, Value>) -> impl Iterator<Item = rusqlite::types::Value> {
        self.columns.iter().map(|column| {
            record.get(&column.name).map_or(rusqlite::types::Value::Null, |value| stored(&column.kind, value))
        })
    }
}

impl Base {
    /// Opens the database, or makes it.
    pub fn open(file: &Path, kept: bool) -> Result<Self, RowsError> {
        let connection = Connection::open(file)?;
        connection.set_prepared_statement_cache_capacity(64);
        let synchronous = if kept { "NORMAL" } else { "OFF" };
        connection
            .execute_batch(&format!("PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous};"))?;
        connection.execute_batch(TABLES)?;
        let mut base = Base { file: file.to_owned(), connection, tables: HashMap::new(), loaded: 0 };
        base.look()?;
        Ok(base)
    }

    /// The number of the last file of new records that is in it.
    pub fn loaded(&self) -> u64 {
        self.loaded
    }

    /// Its file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Reads which tables there are.
    fn look(&mut self) -> Result<(), RowsError> {
        let mut tables = HashMap::new();
        let mut found = self.connection.prepare(
            "SELECT id, database, stored_table.name, stored_column.name, kind FROM stored_table \
             JOIN stored_column ON table_id = id ORDER BY id, place",
        )?;
        let mut found = found.query([])?;
        while let Some(row) = found.next()? {
            let table = EventTable::new(row.get::<_, String>(1)?, row.get::<_, String>(2)?);
            let id = row.get(0)?;
            let table: &mut StoredTable = tables.entry(table).or_insert_with(|| StoredTable::new(id));
            table.add(RowColumn { name: row.get(3)?, kind: read_kind(&row.get::<_, String>(4)?) });
        }
        self.tables = tables;
        let loaded = "SELECT coalesce(max(spool), 0) FROM loaded";
        self.loaded = self.connection.query_row(loaded, [], |row| row.get::<_, i64>(0))?.cast_unsigned();
        Ok(())
    }

    /// All of the work, or nothing.
    fn change(&mut self, work: impl FnOnce(&mut Self) -> Result<(), RowsError>) -> Result<(), RowsError> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        let done = work(self).and_then(|()| Ok(self.connection.execute_batch("COMMIT")?));
        if done.is_err() {
            // The error to report is the first one.
            let _ = self.connection.execute_batch("ROLLBACK");
            self.look()?;
        }
        done
    }

    /// Moves files of new records into it, and deletes them.
    pub fn load(&mut self, home: &Home, sealed: u64, known: &KnownTables<'_>) -> Result<(), RowsError> {
        for number in self.loaded.saturating_add(1)..=sealed {
            let path = home.spool(number)?;
            match File::open(&path) {
                Ok(file) => self.change(|base| {
                    spool::read(file, |table, record| match known.get(table) {
                        Some(known) => base.insert(table, known, record),
                        None => Ok(()),
                    })?;
                    base.is_loaded(number)
                })?,
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    self.change(|base| base.is_loaded(number))?
                }
                Err(error) => return Err(error.into()),
            }
            self.loaded = number;
            // It is passed over from now on.
            let _ = std::fs::remove_file(path);
        }
        Ok(())
    }

    fn is_loaded(&self, number: u64) -> Result<(), RowsError> {
        self.connection.execute("DELETE FROM loaded", [])?;
        self.connection.execute("INSERT INTO loaded VALUES (?1)", [number.cast_signed()])?;
        Ok(())
    }

    /// How a table is stored, which is made where it is missing.
    pub fn shape(&mut self, table: &EventTable, known: &KnownTable<'_>) -> Result<StoredShape, RowsError> {
        if !self.is_whole(table, known) {
            self.change(|base| base.make(table, known))?;
        }
        let Some(stored) = self.tables.get(table) else {
            return Ok(StoredShape { table: String::new(), columns: Vec::new() });
        };
        let columns = known.columns.iter().filter_map(|column| {
            let place = stored.places.get(&column.name)?;
            Some((stored.columns.get(*place)?.clone(), format!("c{place}")))
        });
        Ok(StoredShape { table: stored.name(), columns: columns.collect() })
    }

    /// Adds records.
    pub fn import(
        &mut self,
        table: &EventTable,
        known: &KnownTable<'_>,
        records: &[Map<String, Value>],
    ) -> Result<(), RowsError> {
        self.change(|base| records.iter().try_for_each(|record| base.insert(table, known, record)))
    }

    /// The last records, oldest first.
    pub fn last(
        &mut self,
        table: &EventTable,
        known: &KnownTable<'_>,
        count: u64,
    ) -> Result<Vec<Map<String, Value>>, RowsError> {
        let StoredShape { table, columns } = self.shape(table, known)?;
        let names: Vec<&str> = columns.iter().map(|(_, name)| name.as_str()).collect();
        let sql = format!("SELECT {} FROM {table} ORDER BY rowid DESC LIMIT ?1", names.join(", "));
        let mut found = self.connection.prepare(&sql)?;
        let mut found = found.query([i64::try_from(count).unwrap_or(i64::MAX)])?;
        let mut records = Vec::new();
        while let Some(row) = found.next()? {
            let mut record = Map::new();
            for (place, (column, _)) in columns.iter().enumerate() {
                record.insert(column.name.clone(), shown(&column.kind, row.get_ref(place)?));
            }
            records.push(record);
        }
        records.reverse();
        Ok(records)
    }

    /// Deletes a table with its records.
    pub fn drop_table(&mut self, table: &EventTable) -> Result<(), RowsError> {
        let Some(stored) = self.tables.remove(table) else { return Ok(()) };
        self.change(|base| {
            base.connection.execute_batch(&format!("DROP TABLE {}", stored.name()))?;
            base.connection.execute("DELETE FROM stored_table WHERE id = ?1", [stored.id])?;
            base.connection.execute("DELETE FROM stored_column WHERE table_id = ?1", [stored.id])?;
            Ok(())
        })
    }

    fn insert(
        &mut self,
        table: &EventTable,
        known: &KnownTable<'_>,
        record: &Map<String, Value>,
    ) -> Result<(), RowsError> {
        if !self.is_whole(table, known) {
            self.make(table, known)?;
        }
        let Some(stored) = self.tables.get(table) else { return Ok(()) };
        let mut insert = self.connection.prepare_cached(&stored.insert)?;
        insert.execute(params_from_iter(stored.cells(record)))?;
        Ok(())
    }

    /// Whether a table has all known columns. They are only ever added to.
    fn is_whole(&self, table: &EventTable, known: &KnownTable<'_>) -> bool {
        let wanted = known.columns.len().min(COLUMNS_MAX);
        self.tables.get(table).is_some_and(|stored| stored.columns.len() >= wanted)
    }

    /// Makes a table with the records that it begins with, or the columns that it lacks.
    fn make(&mut self, table: &EventTable, known: &KnownTable<'_>) -> Result<(), RowsError> {
        let is_new = !self.tables.contains_key(table);
        let mut stored = match self.tables.get(table) {
            Some(stored) => stored.clone(),
            None => {
                let named = [&table.database, &table.table];
                self.connection
                    .execute("INSERT INTO stored_table (database, name) VALUES (?1, ?2)", named)?;
                StoredTable::new(self.connection.last_insert_rowid())
            }
        };
        for column in &known.columns {
            let place = stored.columns.len();
            if stored.places.contains_key(&column.name) || place >= COLUMNS_MAX {
                continue;
            }
            // Without a type, SQLite keeps each cell as it was written.
            let sql = match place {
                0 => format!("CREATE TABLE {} (c0)", stored.name()),
                _ => format!("ALTER TABLE {} ADD COLUMN c{place}", stored.name()),
            };
            self.connection.execute_batch(&sql)?;
            let kind = column.kind.to_string();
            self.connection.execute(
                "INSERT INTO stored_column VALUES (?1, ?2, ?3, ?4)",
                (stored.id, i64::try_from(place).unwrap_or(i64::MAX), &column.name, kind),
            )?;
            stored.add(column.clone());
        }
        self.tables.insert(table.clone(), stored);
        if is_new {
            known.first.iter().try_for_each(|record| self.insert(table, known, record))?;
        }
        Ok(())
    }

    /// Copies everything into another database.
    pub fn save(&mut self, file: &Path) -> Result<(), RowsError> {
        self.attached(file, |connection| copy(connection, "main", "other"))
    }

    /// Takes everything from another database; nothing where it has nothing.
    pub fn restore(&mut self, file: &Path) -> Result<(), RowsError> {
        let has = "SELECT count(*) FROM other.sqlite_master WHERE name = 'stored_table'";
        self.attached(file, |connection| {
            if connection.query_row(has, [], |row| row.get::<_, i64>(0))? == 0 {
                return Ok(());
            }
            connection
                .execute_batch("DROP TABLE stored_table; DROP TABLE stored_column; DROP TABLE loaded;")?;
            copy(connection, "other", "main")?;
            // The files of new records have numbers of their own here.
            Ok(connection.execute_batch("DELETE FROM main.loaded")?)
        })?;
        self.look()
    }

    fn attached(
        &self,
        file: &Path,
        work: impl FnOnce(&Connection) -> Result<(), RowsError>,
    ) -> Result<(), RowsError> {
        let name =
            file.to_str().ok_or_else(|| std::io::Error::other("the name of the folder is not UTF-8"))?;
        self.connection.execute("ATTACH DATABASE ?1 AS other", [name])?;
        let transaction = self.connection.unchecked_transaction()?;
        let done = work(&transaction).and_then(|()| Ok(transaction.commit()?));
        self.connection.execute_batch("DETACH DATABASE other")?;
        done
    }
}

/// Copies the tables of this file's form.
fn copy(connection: &Connection, from: &str, to: &str) -> Result<(), RowsError> {
    let sql = format!(
        "SELECT name, sql FROM {from}.sqlite_master WHERE type = 'table' AND \
         (name IN ('stored_table', 'stored_column', 'loaded') OR name GLOB 't[0-9]*')"
    );
    let mut found = connection.prepare(&sql)?;
    let found = found.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    for table in found.collect::<Result<Vec<_>, _>>()? {
        let (name, sql) = table;
        let made = sql.replacen("CREATE TABLE ", &format!("CREATE TABLE {to}."), 1);
        connection.execute_batch(&format!("{made}; INSERT INTO {to}.{name} SELECT * FROM {from}.{name};"))?;
    }
    Ok(())
}
