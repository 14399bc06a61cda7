//! `tdx-rt graph`: where the parts of a plan come from and where they go.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::live_plan::live_plan;
use crate::input::{DocumentArgs, plan_error, read_document};
use crate::outcome::{Outcome, Text};
use crate::plan::graph::{Graph, GraphDocument, NodeKind};
use crate::plan::{self, Document};
use crate::schema::Output;
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::Path;

/// Draw where attributes come from and what they are for
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt graph plan.yaml
  tdx-rt graph plan.yaml -o plan.svg
  tdx-rt graph --ps \"Customer 360\" --format dot > live.dot    # for Graphviz
  tdx-rt graph plan.yaml --jq '.unused[]'
  tdx-rt diff plan.yaml --exit-code || tdx-rt graph --ps \"Customer 360\" -o live.svg",
    after_help = "Event table -> key event -> attribute -> section -> output. A plan is read offline; --ps reads what
is live, as `export` does. The document is {nodes: [{id, kind, name, label, detail, unused, missing}],
edges: [{from, to, kind}], unused: [id]}. `unused` is what leads to no answer, no criteria and no
trigger; `missing` is what the plan only names. On a terminal it is Mermaid; -o FILE.svg, .dot, .gv, .mmd
and .md (Mermaid in a fence) choose their format by themselves. Mermaid draws at most 500 edges; SVG has
no limit."
)]
pub struct GraphArgs {
    /// Plan to draw (YAML or JSON; `-` for stdin, which is also read when it is a pipe)
    #[arg(value_name = "FILE", conflicts_with_all = ["file", "ps"])]
    plan: Option<String>,
    /// The same, as other commands have it
    #[arg(short, long, value_name = "FILE", conflicts_with = "ps")]
    file: Option<String>,
    /// Parent segment whose live configuration is drawn, by id or name
    #[arg(long, value_name = "PS")]
    ps: Option<String>,
    /// What to write [default: json; mermaid on a terminal; what the ending of --output says]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The document
    Json,
    /// A Mermaid flowchart, for Markdown
    Mermaid,
    /// For Graphviz
    Dot,
    /// A picture
    Svg,
}

impl Format {
    /// What the ending of a file's name says.
    fn of_file(file: &Path) -> Option<Self> {
        match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "svg" => Some(Format::Svg),
            "dot" | "gv" => Some(Format::Dot),
            "mmd" | "md" => Some(Format::Mermaid),
            _ => None,
        }
    }
}

impl GraphArgs {
    /// The format that is asked for, when it is text.
    pub fn text_format(&self) -> Option<PossibleValue> {
        self.format.filter(|format| *format != Format::Json)?.to_possible_value()
    }
}

/// What the command prints.
pub const OUTPUTS: &[Output] = &[Output::of::<GraphDocument<'_>>(
    "graph",
    "Graph",
    "Where the parts of a plan come from and where they go",
)];

/// Runs the command.
pub async fn run(args: &GraphArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let document = match &args.ps {
        Some(_) => Document::from_root(live_plan(ctx, args.ps.as_ref()).await?, "the export"),
        None => read(args).await?,
    };
    let (graph, warnings) = Graph::read(&document).map_err(plan_error)?;
    for warning in &warnings {
        ctx.ui.status(format!("warning: {}: {warning}", document.origin));
    }
    if args.ps.is_none() && graph.nodes.is_empty() && document.root.contains_key("parent_segment") {
        let message = format!("{} names a parent segment, and nothing to draw", document.origin);
        return Err(Error::new(Code::InvalidPlan, message)
            .hint("`tdx-rt graph --ps PS` draws what is live in it")
            .into());
    }
    let outcome = Outcome::read(json!(graph.shown())).summary(summary(&graph));
    Ok(Outcome { text: text(args, ctx, &graph), ..outcome })
}

async fn read(args: &GraphArgs) -> Result<Document, Error> {
    let file = args.plan.clone().or(args.file.clone());
    let read = read_document(&DocumentArgs { file, ps: None }).await?;
    read.ok_or_else(|| {
        Error::new(Code::Usage, "there is nothing to draw")
            .hint("name a plan, pipe one into this command, or pass --ps for what is live")
    })
}

fn text(args: &GraphArgs, ctx: &Context, graph: &Graph) -> Option<Text> {
    let file = ctx.ui.output_file();
    let by_name = file.and_then(Format::of_file);
    let text = match args.format.or(by_name) {
        Some(Format::Json) => return None,
        None => return Some(Text::new(graph.to_mermaid(), false)),
        Some(Format::Dot) => graph.to_dot(),
        Some(Format::Svg) => graph.to_svg(),
        // A page, when the name alone asks for it.
        Some(Format::Mermaid) if args.format.is_none() && file.is_some_and(is_markdown) => {
            format!("```mermaid\n{}```\n", graph.to_mermaid())
        }
        Some(Format::Mermaid) => graph.to_mermaid(),
    };
    Some(Text::new(text, true))
}

fn is_markdown(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("md"))
}

fn summary(graph: &Graph) -> String {
    let counted = [NodeKind::Event, NodeKind::Attribute, NodeKind::Section, NodeKind::Output].map(|kind| {
        let count = graph.nodes.iter().filter(|node| node.kind == kind).count();
        plan::counted(count, kind.title().to_lowercase().trim_end_matches('s'))
    });
    let unused = graph.unused();
    match unused.is_empty() {
        true => counted.join(", "),
        false => format!("{}; unused: {}", counted.join(", "), unused.join(", ")),
    }
}
