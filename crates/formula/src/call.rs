//! One call of a native function: its arguments, bound, and the context it runs in.

use ecow::EcoString;

use crate::context::Context;
use crate::exception::{self, Exception};
use crate::native::{Native, NativeKind, ParameterKind};
use crate::value::Value;

/// The arguments of a call and everything the function may use.
pub struct Call<'a, 'h> {
    /// The host, the limits, and Python's operations on values.
    pub context: &'a mut Context<'h>,
    /// The function called.
    pub native: &'static Native,
    positional: &'a [Value],
    /// Values by parameter, where some were given by name; else the positional ones are it.
    bound: Option<&'a [Option<Value>]>,
    named: Vec<(EcoString, Value)>,
}

/// Arguments given by name.
pub type Named = [(EcoString, Value)];

impl<'a, 'h> Call<'a, 'h> {
    /// Calls a native with arguments by position and by name. For a method, `positional[0]` is the object.
    pub fn run(
        context: &'a mut Context<'h>,
        native: &'static Native,
        positional: &'a [Value],
        named: &Named,
    ) -> Result<Value, Exception> {
        let mut call = Call { context, native, positional, bound: None, named: Vec::new() };
        let bound = call.bind(named)?;
        let Call { context, named, .. } = call;
        (native.function)(&mut Call { context, native, positional, bound: bound.as_deref(), named })
    }

    /// The argument of a required parameter.
    #[must_use]
    pub fn arg(&self, at: usize) -> &'a Value {
        self.get(at).unwrap_or(&Value::None)
    }

    /// The argument of a parameter, if it was given. Keyword-only parameters count after the positional ones.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&'a Value> {
        match self.bound {
            Some(bound) => bound.get(at).and_then(Option::as_ref),
            None if at < usize::from(self.native.positional) => self.positional.get(at),
            None => None,
        }
    }

    /// The argument of a parameter, if it was given and is not `None`.
    #[must_use]
    pub fn some(&self, at: usize) -> Option<&'a Value> {
        self.get(at).filter(|value| !matches!(value, Value::None))
    }

    /// The further positional arguments, that `*name` collects.
    #[must_use]
    pub fn rest(&self) -> &'a [Value] {
        self.positional.get(usize::from(self.native.positional)..).unwrap_or(&[])
    }

    /// The further named arguments, that `**name` collects.
    #[must_use]
    pub fn named(&self) -> &Named {
        &self.named
    }

    /// All positional arguments as given: for functions like `SUM(value1, *more_values)` that treat them alike.
    #[must_use]
    pub fn positional(&self) -> &'a [Value] {
        self.positional
    }

    /// Where arguments are given by name: the value of each parameter.
    fn bind(&mut self, named: &Named) -> Result<Option<Vec<Option<Value>>>, Exception> {
        let native = self.native;
        let given = self.positional.len();
        if named.is_empty() && !native.keywords {
            if given < usize::from(native.required) {
                return Err(self.missing(&[]));
            }
            if given > usize::from(native.positional) && !native.star {
                return Err(self.too_many());
            }
            return Ok(None);
        }
        if given > usize::from(native.positional) && !native.star {
            return Err(self.too_many());
        }
        let mut bound: Vec<Option<Value>> = Vec::new();
        let mut names = Vec::new();
        let mut collects = false;
        for parameter in native.parameters() {
            match parameter.kind {
                ParameterKind::Rest => {}
                ParameterKind::Named => collects = true,
                kind => {
                    let at = bound.len();
                    let by_position = !matches!(kind, ParameterKind::KeywordOnly);
                    bound.push(if by_position { self.positional.get(at).cloned() } else { None });
                    names.push(parameter);
                }
            }
        }
        for (name, value) in named {
            let at = names.iter().position(|parameter| {
                parameter.name == name && parameter.kind != ParameterKind::PositionalOnly
            });
            match at {
                Some(at) if bound[at].is_some() => {
                    return Err(exception::type_error(format!(
                        "{}() got multiple values for argument '{name}'",
                        native.name
                    )));
                }
                Some(at) => bound[at] = Some(value.clone()),
                None if collects => self.named.push((name.clone(), value.clone())),
                None => {
                    return Err(exception::type_error(format!(
                        "{}() got an unexpected keyword argument '{name}'",
                        native.name
                    )));
                }
            }
        }
        if names.iter().zip(&bound).any(|(parameter, value)| parameter.default.is_none() && value.is_none()) {
            return Err(self.missing(&bound));
        }
        Ok(Some(bound))
    }

    /// Python's text for missing arguments: `f() missing 2 required positional arguments: 'a' and 'b'`.
    fn missing(&self, bound: &[Option<Value>]) -> Exception {
        if let Some(exception) = self.wrong_count() {
            return exception;
        }
        let mut positional = Vec::new();
        let mut keyword_only = Vec::new();
        let mut at = 0;
        for parameter in self.native.parameters() {
            if matches!(parameter.kind, ParameterKind::Rest | ParameterKind::Named) {
                continue;
            }
            let given = if bound.is_empty() { at < self.positional.len() } else { bound[at].is_some() };
            if !given && parameter.default.is_none() {
                match parameter.kind {
                    ParameterKind::KeywordOnly => keyword_only.push(parameter.name),
                    _ => positional.push(parameter.name),
                }
            }
            at += 1;
        }
        let (kind, names) =
            if positional.is_empty() { ("keyword-only", keyword_only) } else { ("positional", positional) };
        exception::missing_arguments(self.native.name, kind, &names)
    }

    /// Python's text for too many arguments: `f() takes 1 positional argument but 2 were given`.
    fn too_many(&self) -> Exception {
        if let Some(exception) = self.wrong_count() {
            return exception;
        }
        let hidden = usize::from(matches!(self.native.kind, NativeKind::Method | NativeKind::ClassMethod));
        let (most, least) = (usize::from(self.native.positional), usize::from(self.native.required));
        exception::too_many_arguments(self.native.name, least.max(hidden), most, self.positional.len())
    }

    /// CPython's text for functions of its own, written in C: `len() takes exactly one argument (0 given)`.
    fn wrong_count(&self) -> Option<Exception> {
        if !self.native.help.is_empty()
            || !self.native.signature.ends_with('/')
            || self.native.kind != NativeKind::Function
        {
            return None;
        }
        let (name, given) = (self.native.name, self.positional.len());
        let (least, most) = (usize::from(self.native.required), usize::from(self.native.positional));
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        Some(exception::type_error(if least == 1 && most == 1 {
            format!("{name}() takes exactly one argument ({given} given)")
        } else if least == most {
            format!("{name} expected {least} argument{}, got {given}", plural(least))
        } else if given < least {
            format!("{name} expected at least {least} argument{}, got {given}", plural(least))
        } else {
            format!("{name} expected at most {most} argument{}, got {given}", plural(most))
        }))
    }
}
