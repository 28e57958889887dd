//! `moulin seed`: puts people, sites, workspaces and documents into a data directory, for tests and demonstrations.
//!
//! Idempotent: people are known by e-mail, sites by domain, workspaces and documents by name within what holds them; what is there is brought up to what the file says,
//! nothing is removed. A file with an unknown key is refused before anything is done. A server may be running on the same directory.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use home::{ANONYMOUS, AccessChange, Home, NewDocument, OrgKey, Person, Resource, Standing, Within};
use model::Role;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::serve;

/// The shortest key that is not easily guessed.
const SHORTEST_KEY: usize = 20;

/// The options of `moulin seed`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// What to put in: JSON
    file: PathBuf,
    /// Where everything is kept
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Take short API keys too
    #[arg(long)]
    test: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Seed {
    admin: Option<String>,
    #[serde(default)]
    users: Vec<SeedUser>,
    #[serde(default)]
    orgs: Vec<SeedOrg>,
    #[serde(default)]
    workspaces: Vec<SeedWorkspace>,
    #[serde(default)]
    docs: Vec<SeedDocument>,
    /// For the caller, who sets the environment.
    #[serde(default, rename = "settings")]
    _settings: Value,
    #[serde(default, rename = "comment")]
    _comment: Value,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct SeedUser {
    email: String,
    name: String,
    api_key: Option<String>,
    locale: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

type Access = BTreeMap<String, String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedOrg {
    domain: String,
    name: String,
    #[serde(default)]
    access: Access,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedWorkspace {
    org: String,
    name: String,
    #[serde(default)]
    access: Access,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct SeedDocument {
    org: String,
    workspace: String,
    id: Option<String>,
    name: String,
    file: Option<PathBuf>,
    url_id: Option<String>,
    #[serde(default)]
    access: Access,
    max_inherited_role: Option<Value>,
}

/// Puts in what the file says, and prints how much that was.
///
/// # Errors
/// When the file is not as it should be, or the data cannot be written.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let text = std::fs::read_to_string(&arguments.file)
        .with_context(|| format!("cannot read {}", arguments.file.display()))?;
    let seed: Seed = serde_json::from_str(&text).with_context(|| format!("{}", arguments.file.display()))?;
    check(&seed, arguments.test)?;
    let settings = serve::settings(arguments.data.clone())?;
    let folder = arguments.file.parent().unwrap_or(Path::new(""));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let home = serve::open_home(&settings).await?;
        let nobody = home.person(ANONYMOUS).await?.context("the home database has no anonymous person")?;
        let sower = Sower { home, nobody, documents: settings.data_dir.join("docs"), folder };
        sower.sow(&seed).await
    })?;
    let mut done = json!({"users": seed.users.len(), "orgs": seed.orgs.len()});
    if !seed.workspaces.is_empty() {
        done["workspaces"] = seed.workspaces.len().into();
    }
    if !seed.docs.is_empty() {
        done["docs"] = seed.docs.len().into();
    }
    writeln!(std::io::stdout().lock(), "{done}")?;
    Ok(())
}

fn check(seed: &Seed, test: bool) -> Result<()> {
    for user in &seed.users {
        if let Some(key) = &user.api_key {
            let email = &user.email;
            ensure!(
                test || key.len() >= SHORTEST_KEY,
                "the API key of {email} is too short: give --test to take it"
            );
            ensure!(!key.is_empty(), "the API key of {email} is empty");
        }
        if let Some(kind) = &user.kind {
            ensure!(kind == "login", "{}: people of type {kind} cannot be seeded", user.email);
        }
    }
    for doc in &seed.docs {
        if let Some(id) = &doc.id {
            let letters = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
            ensure!(letters && !id.is_empty(), "{id:?} cannot be the id of a document");
        }
    }
    Ok(())
}

struct Sower<'a> {
    home: Home,
    nobody: Person,
    documents: PathBuf,
    /// Where the seed file lies.
    folder: &'a Path,
}

impl Sower<'_> {
    async fn sow(&self, seed: &Seed) -> Result<()> {
        for user in &seed.users {
            self.user(user).await.with_context(|| user.email.clone())?;
        }
        if let Some(admin) = &seed.admin {
            self.home.ensure_person(admin, None).await?;
            self.home.set_setting(home::ADMIN_SETTING, admin).await?;
        }
        for org in &seed.orgs {
            self.org(org, seed.admin.as_deref()).await.with_context(|| org.domain.clone())?;
        }
        for workspace in &seed.workspaces {
            let id = self.workspace(&workspace.org, &workspace.name).await?;
            self.give(&Resource::Workspace(id), &workspace.access).await?;
        }
        for doc in &seed.docs {
            self.document(doc).await.with_context(|| doc.name.clone())?;
        }
        Ok(())
    }

    async fn user(&self, user: &SeedUser) -> Result<()> {
        let person = self.home.ensure_person(&user.email, Some(&user.name)).await?;
        self.home.rename_person(person.id, &user.name).await?;
        if let Some(key) = &user.api_key {
            self.home.set_api_key(person.id, Some(key)).await?;
        }
        if let Some(locale) = &user.locale {
            self.home.set_locale(person.id, Some(locale)).await?;
        }
        Ok(())
    }

    async fn org(&self, org: &SeedOrg, admin: Option<&str>) -> Result<()> {
        let id = match self.home.org(&self.nobody, &OrgKey::Domain(org.domain.clone())).await? {
            Some(found) => {
                let change = home::OrgChange { name: Some(org.name.clone()), domain: None };
                self.home.change_org(found.org.id, &change).await?;
                found.org.id
            }
            None => {
                let owner =
                    org.access.iter().find(|(_, role)| *role == "owners").map(|(email, _)| email.as_str());
                let owner = owner.or(admin).context("a site needs an owner, or the file an admin")?;
                let owner = self.home.ensure_person(owner, None).await?;
                self.home.add_org(&owner, &org.name, Some(&org.domain)).await?
            }
        };
        self.give(&Resource::Org(id), &org.access).await
    }

    async fn give(&self, resource: &Resource, access: &Access) -> Result<()> {
        for (email, role) in access {
            let standing = Standing::parse_given(role).with_context(|| format!("{role} is no role"))?;
            let is_org = matches!(resource, Resource::Org(_));
            ensure!(is_org || standing != Standing::Member, "members is a role in sites only");
            let person = self.home.ensure_person(email, None).await?;
            self.home.give(resource, person.id, Some(standing)).await?;
        }
        Ok(())
    }

    async fn org_id(&self, domain: &str) -> Result<i64> {
        let found = self.home.org(&self.nobody, &OrgKey::Domain(domain.to_owned())).await?;
        Ok(found.with_context(|| format!("there is no site {domain}"))?.org.id)
    }

    /// The person who owns a site: what is seeded into it is theirs.
    async fn owner(&self, org: i64) -> Result<Person> {
        let list = self.home.access_list(&Resource::Org(org)).await?;
        let owner = list.people.into_iter().find(|entry| entry.given == Some(Standing::Role(Role::Owner)));
        Ok(owner.context("the site has no owner")?.person)
    }

    async fn workspace(&self, domain: &str, name: &str) -> Result<i64> {
        let org = self.org_id(domain).await?;
        let owner = self.owner(org).await?;
        let found = self.home.workspaces(&owner, Within::Org(org), false).await?;
        match found.into_iter().find(|found| found.workspace.name == name) {
            Some(found) => Ok(found.workspace.id),
            None => Ok(self.home.add_workspace(&owner, org, name).await?),
        }
    }

    async fn document(&self, doc: &SeedDocument) -> Result<()> {
        let owner = self.owner(self.org_id(&doc.org).await?).await?;
        let workspace = self.workspace(&doc.org, &doc.workspace).await?;
        let listed = self.home.workspace(&owner, workspace, true).await?.context("the workspace is gone")?;
        let there = listed.documents.into_iter().find(|(known, ..)| match &doc.id {
            Some(id) => known.id == *id,
            None => known.name == doc.name,
        });
        let id = match there {
            Some((known, ..)) => known.id,
            None => {
                let id = doc.id.clone().unwrap_or_else(home::new_id);
                self.file(doc, &id)?;
                let new = NewDocument { id: Some(id), name: doc.name.clone(), ..NewDocument::default() };
                self.home.add_document(&owner, workspace, &new).await?
            }
        };
        let change = home::DocumentChange {
            name: Some(doc.name.clone()),
            url_id: doc.url_id.clone().map(Some),
            ..home::DocumentChange::default()
        };
        self.home.change_document(&id, &change).await?;
        let resource = Resource::Document(id);
        self.give(&resource, &doc.access).await?;
        let cap = match &doc.max_inherited_role {
            None => return Ok(()),
            Some(Value::Null) => None,
            Some(Value::String(name)) => {
                Some(Role::parse(name).with_context(|| format!("{name} is no role"))?)
            }
            Some(other) => bail!("{other} is no role"),
        };
        let change = AccessChange { max_inherited_role: Some(cap), ..AccessChange::default() };
        self.home.change_access(&owner, &resource, &change).await?;
        Ok(())
    }

    /// The document's file: a copy of the one named, or an empty document.
    fn file(&self, doc: &SeedDocument, id: &str) -> Result<()> {
        let path = self.documents.join(format!("{id}.grist"));
        ensure!(!path.exists(), "there is a file {} without an entry", path.display());
        let Some(file) = &doc.file else {
            document::create(&path, &document::NewDocument::default())?;
            return Ok(());
        };
        let source = if file.exists() { file.clone() } else { self.folder.join(file) };
        store::check_upload(&source).with_context(|| format!("cannot use {}", source.display()))?;
        std::fs::copy(&source, &path)?;
        Ok(())
    }
}
