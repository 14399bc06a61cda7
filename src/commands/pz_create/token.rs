//! `pz-create token list|create|rotate|revoke`: the tokens of the personalization API.
//!
//! None of this is undone, and none of it is in a journal: the platform shows a token once, when it is made, and one
//! that is revoked does not come back.

use crate::api::{Client, Host};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::{PsArgs, parent_segment_only, pick};
use crate::outcome::Outcome;
use crate::plan::nearest::named;
use crate::plan::{counted, shell_word};
use crate::platform::addresses::parse_range;
use crate::platform::wire::{Service, Token};
use crate::schema::Output;
use crate::steps::change::{NewToken, make_token};
use crate::steps::kind::ItemKind;
use crate::ui::shown::one_line;
use crate::writing::{DeletedAction, Question, YesArgs};
use clap::{Args, Subcommand};
use schemars::JsonSchema;
use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::json;
use std::path::PathBuf;

/// List, create, rotate or revoke the tokens of the personalization API
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt pz-create token list --ps 394649
  tdx-rt pz-create token create --ps 394649 --name shop --allowed-ip 203.0.113.0/24 --jq .token
  tdx-rt pz-create token rotate --ps 394649 --jq .replaces.revoke
  tdx-rt pz-create token revoke 500007 --ps 394649",
    after_help = "A token is shown once, where it is made. `tdx-rt undo` takes none of this back: a token that is revoked
does not come back."
)]
pub struct TokenArgs {
    #[command(subcommand)]
    action: TokenCommand,
}

#[derive(Debug, Clone, Subcommand)]
enum TokenCommand {
    /// List the tokens, without their values
    #[command(before_help = "Examples:
  tdx-rt pz-create token list --ps 394649
  tdx-rt pz-create token list --ps 394649 --jq '.[] | select(.kept | not) | .id'")]
    List {
        #[command(flatten)]
        ps: PsArgs,
        /// Only of this service, by name or id
        #[arg(long, value_name = "NAME")]
        service: Option<String>,
        #[command(flatten)]
        file: TokenFileArgs,
    },
    /// Make a token and show it, this once
    #[command(
        before_help = "Examples:
  tdx-rt pz-create token create --ps 394649 --jq .token
  tdx-rt pz-create token create --ps 394649 --service web --name shop --allowed-ip 203.0.113.7",
        after_help = "It is kept on this machine, for `pz-test`, only where no token of the service is kept yet."
    )]
    Create {
        #[command(flatten)]
        of: NewArgs,
    },
    /// Make a token in place of the one that is in use, which works until it is revoked
    #[command(
        before_help = "Examples:
  tdx-rt pz-create token rotate --ps 394649
  tdx-rt pz-create token rotate --ps 394649 --jq .replaces.revoke   # how to end the old one",
        after_help = "The new token is kept on this machine. The old one goes on until the command in `replaces.revoke` ends
it: first give everyone who calls the API the new one."
    )]
    Rotate {
        /// Id or name of the token that is replaced [default: the one that is kept here, else the service's only one]
        #[arg(value_name = "ID")]
        id: Option<String>,
        #[command(flatten)]
        of: NewArgs,
    },
    /// End a token at once; it does not come back
    #[command(
        before_help = "Examples:
  tdx-rt pz-create token revoke 500007 --ps 394649",
        after_help = "On a terminal it asks first; elsewhere the id is the consent."
    )]
    Revoke {
        /// Id or name of the token
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        ps: PsArgs,
        #[command(flatten)]
        yes: YesArgs,
        #[command(flatten)]
        file: TokenFileArgs,
    },
}

/// A token that is to be made.
#[derive(Debug, Clone, Args)]
struct NewArgs {
    #[command(flatten)]
    ps: PsArgs,
    /// The service, by name or id [default: the only one]
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// Name of the token, which no other token of the service has [default: one of its own]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Only this address, or range such as 203.0.113.0/24, may use it [default: everyone; rotate: as the old one]
    #[arg(long = "allowed-ip", value_name = "ADDR", value_parser = address)]
    allowed_ips: Vec<String>,
    #[command(flatten)]
    file: TokenFileArgs,
}

#[derive(Debug, Clone, Args)]
struct TokenFileArgs {
    /// Tokens are kept in this file [default: ~/.local/state/tdx-rt/tokens.json]
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

fn address(text: &str) -> Result<String, String> {
    let wrong =
        || format!("'{text}' is no address; write it like 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32");
    parse_range(text).map(|_| text.to_owned()).ok_or_else(wrong)
}

/// A token, without its value.
#[derive(Serialize, JsonSchema)]
struct TokenRow {
    id: String,
    name: String,
    /// Name of its service
    service: String,
    service_id: String,
    /// The only addresses that may use it; everyone where it is empty
    allowed_ips: Vec<String>,
    /// Whether it is kept on this machine
    kept: bool,
}

/// A service.
#[derive(Serialize, JsonSchema)]
struct ServiceName {
    id: String,
    name: String,
}

impl ServiceName {
    fn of(service: &Service) -> Self {
        ServiceName { id: id(service), name: service.name.clone() }
    }
}

/// A token that was just made.
#[derive(Serialize, JsonSchema)]
struct MadeToken {
    /// Null in a dry run
    id: Option<String>,
    name: String,
    service: ServiceName,
    /// The token itself, shown this once
    token: Option<String>,
    /// The only addresses that may use it; everyone where it is empty
    allowed_ips: Vec<String>,
    /// File in which it is kept; null where another token of the service is kept
    kept_in: Option<PathBuf>,
    /// The token that it replaces; null for one that replaces none
    replaces: Option<ReplacedToken>,
}

/// A token that another one replaces. It works until it is revoked.
#[derive(Serialize, JsonSchema)]
struct ReplacedToken {
    id: String,
    name: String,
    /// The command that ends it
    revoke: String,
}

/// A token that was revoked.
#[derive(Serialize, JsonSchema)]
struct RevokedToken {
    kind: ItemKind,
    id: String,
    name: String,
    service: ServiceName,
    action: DeletedAction,
}

/// What the command prints.
pub(super) const LIST: Output =
    Output::list::<TokenRow>("pz-create token list", "Tokens", "The tokens of the personalization API")
        .shown(&["id", "name", "service", "allowed_ips", "kept"]);
pub(super) const CREATE: Output = made("pz-create token create");
pub(super) const ROTATE: Output = made("pz-create token rotate");
pub(super) const REVOKE: Output =
    Output::of::<RevokedToken>("pz-create token revoke", "Revoked", "A token that was revoked");

const fn made(command: &'static str) -> Output {
    Output::of::<MadeToken>(command, "Made", "A token that was made, with its value")
}

/// Runs the command.
pub(super) async fn run(args: &TokenArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    match &args.action {
        TokenCommand::List { ps, service, file } => list(ctx, ps, service.as_deref(), file).await,
        TokenCommand::Create { of } => {
            let scene = Scene::read(ctx, &of.ps, &of.file).await?;
            let service = scene.service(of.service.as_deref())?;
            make(&scene, of, service, None).await
        }
        TokenCommand::Rotate { id, of } => {
            let scene = Scene::read(ctx, &of.ps, &of.file).await?;
            let (service, old) = scene.replaced(id.as_deref(), of.service.as_deref())?;
            make(&scene, of, service, Some(old)).await
        }
        TokenCommand::Revoke { id, ps, yes, file } => {
            revoke(&Scene::read(ctx, ps, file).await?, id, yes).await
        }
    }
}

/// The services of a parent segment, and the tokens that are kept here.
struct Scene<'a> {
    ctx: &'a Context,
    client: &'a Client,
    ps: String,
    services: Vec<Service>,
}

impl<'a> Scene<'a> {
    async fn read(ctx: &'a Context, ps: &PsArgs, file: &TokenFileArgs) -> anyhow::Result<Self> {
        ctx.keep_tokens_in(file.token_file.as_deref());
        let ps = parent_segment_only(ctx, ps.ps.as_ref()).await?.id;
        let client = ctx.client()?;
        let services = client.services(&ps).await.map_err(Error::from)?;
        Ok(Scene { ctx, client, ps, services })
    }

    /// The service that is named, else the only one.
    fn service(&self, wanted: Option<&str>) -> Result<&Service, Error> {
        match (wanted, self.services.as_slice()) {
            (Some(wanted), services) => {
                pick(services, wanted, "service", |service| &service.name, |service| service.id.as_deref())
            }
            (None, [one]) => Ok(one),
            (None, []) => Err(Error::new(Code::NotFound, "there is no personalization service")
                .hint("`tdx-rt pz-create` makes one, with a token")),
            (None, several) => {
                let names: Vec<&str> = several.iter().map(|service| service.name.as_str()).collect();
                Err(Error::new(Code::Usage, format!("there are {} services", names.len()))
                    .hint(format!("pass --service; one of: {}", names.join(", "))))
            }
        }
    }

    fn tokens(&self) -> impl Iterator<Item = (&Service, &Token)> {
        self.services.iter().flat_map(|service| service.tokens.iter().map(move |token| (service, token)))
    }

    /// A token by its id, or by a name that no other one has.
    fn token(&self, wanted: &str) -> Result<(&Service, &Token), Error> {
        if let Some(found) = self.tokens().find(|(_, token)| token.id.as_deref() == Some(wanted)) {
            return Ok(found);
        }
        let by_name: Vec<_> = self.tokens().filter(|(_, token)| token.name == wanted).collect();
        if let [_, _, ..] = by_name.as_slice() {
            let ids: Vec<&str> = by_name.iter().filter_map(|(_, token)| token.id.as_deref()).collect();
            let message = format!("{} tokens are named '{wanted}'", ids.len());
            return Err(Error::new(Code::AmbiguousName, message).hint(format!("one of: {}", ids.join(", "))));
        }
        by_name.into_iter().next().ok_or_else(|| {
            let message = format!("parent segment {} has no token '{wanted}'", self.ps);
            let there: Vec<&str> = self.tokens().filter_map(|(_, token)| token.id.as_deref()).collect();
            let hint = match there.as_slice() {
                [] => "it has no token at all".to_owned(),
                there => format!("there are: {}", there.join(", ")),
            };
            Error::new(Code::NotFound, message).hint(hint)
        })
    }

    /// Id of the service's token that is kept here.
    fn kept(&self, service: &Service) -> Result<Option<String>, Error> {
        Ok(self.ctx.tokens()?.find(self.host(), &self.ps, &id(service))?.map(|kept| kept.id))
    }

    fn host(&self) -> &str {
        self.client.base(Host::Personalization)
    }

    /// The token that another one is to replace.
    fn replaced(&self, wanted: Option<&str>, service: Option<&str>) -> Result<(&Service, &Token), Error> {
        if let Some(wanted) = wanted {
            let (owner, token) = self.token(wanted)?;
            return match service {
                Some(service) if self.service(Some(service))?.id != owner.id => Err(Error::new(
                    Code::Usage,
                    format!("the token {wanted} is of the service '{}', not of '{service}'", owner.name),
                )),
                _ => Ok((owner, token)),
            };
        }
        let service = self.service(service)?;
        let kept = self.kept(service)?;
        let token = match (service.tokens.iter().find(|token| token.id == kept), service.tokens.as_slice()) {
            (Some(token), _) if kept.is_some() => token,
            (_, [one]) => one,
            (_, []) => {
                let message = format!("the service '{}' has no token to replace", service.name);
                let hint = "`tdx-rt pz-create token create` makes one";
                return Err(Error::new(Code::NotFound, message).hint(hint));
            }
            (_, several) => {
                let ids: Vec<&str> = several.iter().filter_map(|token| token.id.as_deref()).collect();
                let message =
                    format!("the service '{}' has {} tokens, and none is kept here", service.name, ids.len());
                let hint = format!("name the one that is replaced; one of: {}", ids.join(", "));
                return Err(Error::new(Code::Usage, message).hint(hint));
            }
        };
        Ok((service, token))
    }
}

fn id(service: &Service) -> String {
    service.id.clone().unwrap_or_default()
}

async fn list(
    ctx: &Context,
    ps: &PsArgs,
    service: Option<&str>,
    file: &TokenFileArgs,
) -> anyhow::Result<Outcome> {
    let scene = Scene::read(ctx, ps, file).await?;
    let only = service.map(|service| scene.service(Some(service))).transpose()?.map(id);
    let mut rows = Vec::new();
    for (service, token) in scene.tokens().filter(|(service, _)| only.is_none() || service.id == only) {
        rows.push(TokenRow {
            id: token.id.clone().unwrap_or_default(),
            name: token.name.clone(),
            service: service.name.clone(),
            service_id: id(service),
            allowed_ips: token.allowed_ips.clone(),
            kept: token.id.is_some() && scene.kept(service)? == token.id,
        });
    }
    Ok(Outcome::list(rows, |count| counted(count, "token")))
}

async fn make(
    scene: &Scene<'_>,
    args: &NewArgs,
    service: &Service,
    old: Option<&Token>,
) -> anyhow::Result<Outcome> {
    if let Some(name) = args.name.as_ref().filter(|name| named(&service.tokens, name, |t| &t.name).is_some())
    {
        let message = format!("the service '{}' has a token named '{name}' already", service.name);
        let hint = "give it another name, or leave --name out";
        return Err(Error::new(Code::Conflict, message).hint(hint).into());
    }
    let allowed_ips = match old {
        Some(old) if args.allowed_ips.is_empty() => old.allowed_ips.clone(),
        _ => args.allowed_ips.clone(),
    };
    let kept = scene.kept(service)?;
    let keep = old.is_some() || service.tokens.iter().all(|token| kept.is_none() || token.id != kept);
    scene.ctx.show_target()?;
    let new = NewToken { name: args.name.clone(), allowed_ips: allowed_ips.clone(), keep, first_wins: false };
    let store = scene.ctx.tokens()?;
    let made = make_token(scene.client, &store, &scene.ps, service, new).await?;
    let kept_in = store.path().filter(|_| keep).map(PathBuf::from);
    let replaces = old.map(|old| {
        let id = old.id.clone().unwrap_or_default();
        let revoke = format!("tdx-rt pz-create token revoke {id} --ps {}", shell_word(&scene.ps));
        ReplacedToken { id, name: old.name.clone(), revoke }
    });
    let mut summary = format!("made a token of the service '{}'", one_line(&service.name));
    if let Some(place) = &kept_in {
        summary.push_str(&format!("; it is kept in {}", place.display()));
    }
    if let Some(old) = &replaces {
        summary.push_str(&format!("\nthe token {} works until it is revoked: {}", old.id, old.revoke));
    }
    let document = MadeToken {
        id: made.id,
        name: made.name,
        service: ServiceName::of(service),
        token: made.value.map(|value| value.expose_secret().to_owned()),
        allowed_ips,
        kept_in,
        replaces,
    };
    Ok(Outcome::new(json!(document)).summary(summary))
}

async fn revoke(scene: &Scene<'_>, wanted: &str, yes: &YesArgs) -> anyhow::Result<Outcome> {
    let (service, token) = scene.token(wanted)?;
    let token_id = token.id.clone().unwrap_or_default();
    let wanted = token_id.as_str();
    scene.ctx.show_target()?;
    let text =
        format!("Revoke the token '{}' of the service '{}'?", one_line(&token.name), one_line(&service.name));
    let lost = vec![format!("the token {wanted} of the service '{}': it stops working", service.name)];
    // Elsewhere the id is the consent.
    yes.confirm(scene.ctx, Question { text, lost, refusal: None }).await?;
    match scene.client.delete_token(&scene.ps, &id(service), wanted).await {
        Err(error) if !error.is_not_found() => return Err(Error::from(error).into()),
        // Somebody else was quicker.
        _ => {}
    }
    if !scene.ctx.requests.dry_run {
        scene.ctx.tokens()?.forget(scene.host(), &scene.ps, &id(service), wanted)?;
    }
    let document = RevokedToken {
        kind: ItemKind::Token,
        id: wanted.to_owned(),
        name: token.name.clone(),
        service: ServiceName::of(service),
        action: DeletedAction::Deleted,
    };
    let summary = format!("revoked the token {wanted} of the service '{}'", one_line(&service.name));
    Ok(Outcome::new(json!(document)).summary(summary))
}
