//! A file a command, and the pipeline of all of them.

mod pipeline;
