//! Time zones as objects: `datetime.timezone`, and the zones of Grist's date-times.

use std::hash::{Hash, Hasher};

use crate::call::Call;
use crate::context::Context;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::object::Object;
use crate::types::TypeDef;
use crate::value::{Value, Zone};

/// A `tzinfo` object.
#[derive(Debug)]
pub struct ZoneObject(pub Zone);

/// The class of fixed offsets.
pub static TIMEZONE: TypeDef =
    TypeDef::new("timezone", "datetime", Some(&NEW), &[METHODS]).constants(constant);
/// The class of named zones.
pub static NAMED: TypeDef = TypeDef::new("tzinfo", "moment", None, &[METHODS]);

static NEW: Native = Native::function("timezone", "offset, name=None", "", |call| {
    let name = match call.some(1) {
        Some(Value::Str(name)) => Some(name.clone()),
        _ => None,
    };
    match call.arg(0) {
        Value::Delta(micros) if micros.abs() < super::DAY => {
            let seconds = i32::try_from(micros / 1_000_000).unwrap_or(0);
            Ok(Value::object(ZoneObject(Zone::Fixed(seconds, name))))
        }
        Value::Delta(_) => Err(exception::value_error(
            "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24).",
        )),
        _ => Err(exception::type_error("timezone() argument 1 must be datetime.timedelta")),
    }
});

static METHODS: &[Native] = &[
    Native::method("tzname", "self, dt, /", "The name of the zone at a time.", |call| {
        Ok(match (own(call)?, call.arg(1)) {
            (zone, Value::DateTime(date_time)) => Value::Str(zone.abbreviation(date_time.wall)),
            (zone, _) => Value::Str(zone.name()),
        })
    }),
    Native::method("utcoffset", "self, dt, /", "How far the zone is from UTC at a time.", |call| {
        let zone = own(call)?;
        let seconds = match call.arg(1) {
            Value::DateTime(date_time) => zone.offset_for_wall(date_time.wall),
            _ => zone.offset_for_wall(0),
        };
        Ok(Value::Delta(i64::from(seconds) * 1_000_000))
    }),
];

fn own(call: &Call<'_, '_>) -> Result<Zone, Exception> {
    match call.arg(0).downcast::<ZoneObject>() {
        Some(zone) => Ok(zone.0.clone()),
        None => Err(exception::type_error("expected a time zone")),
    }
}

fn constant(name: &str) -> Option<Value> {
    (name == "utc").then(|| Value::object(ZoneObject(Zone::Fixed(0, None))))
}

/// The zone as a value; `None` for a naive time.
pub fn value(zone: Option<&Zone>) -> Value {
    zone.map_or(Value::None, |zone| Value::object(ZoneObject(zone.clone())))
}

impl Object for ZoneObject {
    fn type_def(&self) -> &'static TypeDef {
        match &self.0 {
            Zone::Named(..) => &NAMED,
            Zone::Fixed(..) => &TIMEZONE,
        }
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn repr(&self, _context: &mut Context<'_>) -> Result<String, Exception> {
        Ok(crate::ops::zone_repr(&self.0).to_string())
    }
    fn text(&self, context: &mut Context<'_>) -> Result<String, Exception> {
        match &self.0 {
            zone @ Zone::Fixed(..) => Ok(zone.name().to_string()),
            Zone::Named(..) => self.repr(context),
        }
    }
    fn equals(&self, other: &Value) -> Option<bool> {
        other.downcast::<Self>().map(|other| self.0.same(&other.0))
    }
    fn hash(&self) -> Option<u64> {
        let mut hasher = rustc_hash::FxHasher::default();
        self.0.name().as_str().hash(&mut hasher);
        Some(hasher.finish())
    }
}
