//! Who may do what, through the database: inheritance, caps, public access, guests, forks, names.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use home::{
    ANONYMOUS, AccessChange, Home, HomeError, NewDocument, OrgKey, Person, Resource, Site, Standing, Within,
};
use model::Role;

struct World {
    _folder: tempfile::TempDir,
    home: Home,
    ada: Person,
    bob: Person,
    eve: Person,
    nobody: Person,
    org: i64,
    workspace: i64,
    document: String,
}

/// Ada owns the site `team`, a workspace and a document in it; Bob is a member of the site; Eve is a stranger.
async fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::open(&folder.path().join("home.sqlite3")).await.unwrap();
    let ada = home.ensure_person("ada@x.test", Some("Ada")).await.unwrap();
    let bob = home.ensure_person("bob@x.test", Some("Bob")).await.unwrap();
    let eve = home.ensure_person("eve@x.test", Some("Eve")).await.unwrap();
    let nobody = home.person(ANONYMOUS).await.unwrap().unwrap();
    let org = home.add_org(&ada, "Team", Some("team")).await.unwrap();
    home.give(&Resource::Org(org), bob.id, Some(Standing::Member)).await.unwrap();
    let workspace = home.add_workspace(&ada, org, "Space").await.unwrap();
    let new = NewDocument { name: "Doc".into(), ..NewDocument::default() };
    let document = home.add_document(&ada, workspace, &new).await.unwrap();
    World { _folder: folder, home, ada, bob, eve, nobody, org, workspace, document }
}

impl World {
    async fn role(&self, person: &Person) -> Option<Role> {
        let access = self.home.document_access(person, &Site::Unnamed, &self.document).await.unwrap();
        access.unwrap().role
    }
    async fn cap(&self, resource: &Resource, cap: Option<Role>) {
        let change = AccessChange { max_inherited_role: Some(cap), ..AccessChange::default() };
        self.home.change_access(&self.ada, resource, &change).await.unwrap();
    }
    async fn share(&self, resource: &Resource, email: &str, role: Option<Role>) -> Result<(), HomeError> {
        let mut change = AccessChange::default();
        change.people.insert(email.to_owned(), role.map(Standing::Role));
        self.home.change_access(&self.ada, resource, &change).await
    }
}

#[tokio::test]
async fn roles_come_down_from_site_and_workspace() {
    let world = world().await;
    assert_eq!(world.role(&world.ada).await, Some(Role::Owner));
    assert_eq!(world.role(&world.bob).await, None, "members inherit nothing");
    let org = Resource::Org(world.org);
    world.share(&org, "bob@x.test", Some(Role::Editor)).await.unwrap();
    assert_eq!(world.role(&world.bob).await, Some(Role::Editor));
    world.cap(&Resource::Workspace(world.workspace), Some(Role::Viewer)).await;
    assert_eq!(world.role(&world.bob).await, Some(Role::Viewer));
    world.cap(&Resource::Document(world.document.clone()), None).await;
    assert_eq!(world.role(&world.bob).await, None);
    let document = Resource::Document(world.document.clone());
    world.share(&document, "BOB@x.test", Some(Role::Viewer)).await.unwrap();
    assert_eq!(world.role(&world.bob).await, Some(Role::Viewer), "what is given directly is not capped");
}

#[tokio::test]
async fn public_access_is_for_all_who_have_the_address() {
    let world = world().await;
    let document = Resource::Document(world.document.clone());
    for public in ["everyone@getgrist.com", "anon@getgrist.com"] {
        world.share(&document, public, Some(Role::Viewer)).await.unwrap();
        for person in [&world.nobody, &world.eve, &world.bob] {
            assert_eq!(world.role(person).await, Some(Role::Viewer), "{public}");
        }
        let listed = world.home.workspaces(&world.eve, Within::Org(world.org), false).await.unwrap();
        assert!(listed.is_empty(), "not listed to strangers");
        world.share(&document, public, None).await.unwrap();
        assert_eq!(world.role(&world.eve).await, None);
    }
}

#[tokio::test]
async fn who_has_a_document_is_a_guest_of_what_holds_it() {
    let world = world().await;
    let key = OrgKey::Domain("Team".into());
    let standing = async || world.home.org(&world.eve, &key).await.unwrap().unwrap().standing;
    assert_eq!(standing().await, None);
    world.share(&Resource::Document(world.document.clone()), "eve@x.test", Some(Role::Editor)).await.unwrap();
    assert_eq!(standing().await, Some(Standing::Guest));
    let seen = world.home.workspace(&world.eve, world.workspace, false).await.unwrap().unwrap();
    assert_eq!(seen.standing, Some(Standing::Guest));
    assert_eq!(seen.documents.len(), 1);
    let orgs = world.home.orgs(&world.eve).await.unwrap();
    let names: Vec<_> = orgs.iter().map(|found| found.org.name.as_str()).collect();
    assert_eq!(names, ["Personal", "Team"]);
}

#[tokio::test]
async fn nobody_changes_their_own_role_and_a_site_is_always_owned() {
    let world = world().await;
    let org = Resource::Org(world.org);
    let lowered = world.share(&org, "Ada@x.test", Some(Role::Viewer)).await;
    assert!(matches!(lowered, Err(HomeError::Bad(_))));
    let left = world.share(&org, "ada@x.test", None).await;
    assert!(matches!(left, Err(HomeError::Bad(_))), "the last owner stays");
    assert!(matches!(world.share(&org, "nonsense", Some(Role::Viewer)).await, Err(HomeError::Bad(_))));
    assert_eq!(world.role(&world.ada).await, Some(Role::Owner), "what failed has not happened");
    world.share(&org, "bob@x.test", Some(Role::Owner)).await.unwrap();
    world.share(&org, "ada@x.test", None).await.unwrap();
}

#[tokio::test]
async fn documents_are_found_by_id_start_of_id_and_names() {
    let world = world().await;
    let home = &world.home;
    let team = Site::named("team");
    let found = async |site: &Site, name: &str| {
        home.document_access(&world.ada, site, name).await.unwrap().map(|access| access.document.id)
    };
    let id = Some(world.document.clone());
    assert_eq!(found(&team, &world.document).await, id);
    assert_eq!(found(&team, &world.document[..12]).await, id);
    assert_eq!(found(&team, &world.document[..11]).await, None, "too short to be meant");
    assert_eq!(found(&Site::Personal, &world.document).await, id);
    assert_eq!(found(&Site::named("other"), &world.document).await, None);
    for name in ["first", "second"] {
        let change =
            home::DocumentChange { url_id: Some(Some(name.into())), ..home::DocumentChange::default() };
        home.change_document(&world.document, &change).await.unwrap();
    }
    assert_eq!(found(&team, "first").await, id, "old links go on working");
    assert_eq!(found(&team, "second").await, id);
    let other = NewDocument { name: "Other".into(), url_id: Some("first".into()), ..NewDocument::default() };
    let taken = home.add_document(&world.ada, world.workspace, &other).await;
    assert!(matches!(taken, Err(HomeError::Bad(_))));
}

#[tokio::test]
async fn forks_belong_to_who_made_them() {
    let world = world().await;
    let home = &world.home;
    let document = Resource::Document(world.document.clone());
    world.share(&document, "bob@x.test", Some(Role::Viewer)).await.unwrap();
    let fork = home.add_fork(&world.bob, &world.document, "Doc").await.unwrap();
    let role = async |person: &Person| {
        home.document_access(person, &Site::Unnamed, &fork).await.unwrap().unwrap().role
    };
    assert_eq!(role(&world.bob).await, Some(Role::Owner));
    assert_eq!(role(&world.ada).await, Some(Role::Viewer));
    assert_eq!(role(&world.eve).await, None);
    world.share(&document, "bob@x.test", None).await.unwrap();
    assert_eq!(role(&world.bob).await, None, "who no longer sees the trunk has lost the fork");
    let unsaved = home.add_fork(&world.nobody, "new", "Untitled").await.unwrap();
    let access = home.document_access(&world.eve, &Site::Unnamed, &unsaved).await.unwrap().unwrap();
    assert_eq!(access.role, Some(Role::Owner), "what nobody made belongs to all who have the address");
    let files = home.delete_document(&world.document).await.unwrap();
    assert_eq!(files, [world.document.clone(), fork]);
}

#[tokio::test]
async fn the_trash_is_found_but_said_to_be_trash() {
    let world = world().await;
    let home = &world.home;
    home.set_workspace_removed(world.workspace, true).await.unwrap();
    let access = home.document_access(&world.ada, &Site::Unnamed, &world.document).await.unwrap().unwrap();
    assert!(access.is_removed);
    assert!(home.workspace(&world.ada, world.workspace, false).await.unwrap().is_none());
    assert!(home.workspace(&world.ada, world.workspace, true).await.unwrap().is_some());
    home.set_workspace_removed(world.workspace, false).await.unwrap();
    home.set_document_removed(&world.document, true).await.unwrap();
    let listed = home.workspace(&world.ada, world.workspace, false).await.unwrap().unwrap();
    assert!(listed.documents.is_empty());
}

#[tokio::test]
async fn the_trash_is_emptied_after_a_while() {
    let world = world().await;
    let home = &world.home;
    let fork = home.add_fork(&world.ada, &world.document, "Doc").await.unwrap();
    assert!(home.empty_trash(0).await.unwrap().is_empty());
    home.note_changes([fork.as_str()], 5).await.unwrap();
    assert_eq!(home.empty_trash(5).await.unwrap(), Vec::<String>::new());
    assert_eq!(home.empty_trash(6).await.unwrap(), [fork]);
    home.set_document_removed(&world.document, true).await.unwrap();
    let emptied = home.empty_trash(home::now() + 1).await.unwrap();
    assert_eq!(emptied, std::slice::from_ref(&world.document));
    assert!(home.document_access(&world.ada, &Site::Unnamed, &world.document).await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_moved_takes_its_names_along() {
    let world = world().await;
    let home = &world.home;
    let own = home.workspaces(&world.ada, Within::Personal, false).await.unwrap();
    let target = own.first().unwrap().workspace.id;
    home.move_document(&world.document, target).await.unwrap();
    assert!(matches!(home.move_document(&world.document, target).await, Err(HomeError::Bad(_))));
    let domain = own.first().unwrap().org.domain.clone().unwrap();
    let short = &world.document[..12];
    let found = home.document_access(&world.ada, &Site::Domain(domain), short).await.unwrap();
    assert_eq!(found.unwrap().document.id, world.document);
}

#[tokio::test]
async fn removing_a_person_removes_what_is_theirs_alone() {
    let world = world().await;
    let home = &world.home;
    let account = home.add_service_account(world.ada.id, "robot", "", i64::MAX).await.unwrap();
    home.set_api_key(account.id, Some("robot-key")).await.unwrap();
    assert!(home.person_by_api_key("robot-key").await.unwrap().is_some());
    let change = home::ServiceAccountChange { expires_at: Some(1), ..Default::default() };
    home.change_service_account(account.id, &change).await.unwrap();
    assert!(home.person_by_api_key("robot-key").await.unwrap().is_none(), "expired");
    home.delete_person(world.ada.id).await.unwrap();
    assert!(home.person(account.id).await.unwrap().is_none());
    assert!(home.org(&world.bob, &OrgKey::Id(world.org)).await.unwrap().is_some());
    assert!(home.delete_person(ANONYMOUS).await.is_err());
}

#[tokio::test]
async fn what_is_not_committed_has_not_happened() {
    let world = world().await;
    let home = &world.home;
    {
        let mut transaction = home.transaction().await.unwrap();
        transaction.execute("DELETE FROM doc", &[]).await.unwrap();
        assert!(transaction.one("SELECT 1 FROM doc", &[]).await.unwrap().is_none());
    }
    assert!(home.one("SELECT 1 FROM doc", &[]).await.unwrap().is_some());
}

#[tokio::test]
async fn a_database_opens_again_and_refuses_what_is_newer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("home.sqlite3");
    let person = Home::open(&path).await.unwrap().ensure_person("a@x.test", None).await.unwrap();
    let home = Home::open(&path).await.unwrap();
    assert_eq!(home.person(person.id).await.unwrap(), Some(person));
    home.execute("INSERT INTO migration (version) VALUES (999)", &[]).await.unwrap();
    drop(home);
    assert!(matches!(Home::open(&path).await, Err(HomeError::Newer { found: 999, .. })));
}
