//! The functions that the component exports. A new interface in the WIT is one more line at the end of this file.

use std::collections::HashMap;

use wasmtime::Store;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{
    ComponentExportIndex, ComponentNamedList, Instance, InstancePre, Lift, Lower, TypedFunc,
};

use super::machine::CallState;
use crate::wit;

/// Where the contract's interfaces are.
const PACKAGE: &str = "whatsapp:connector/";

/// Where each function is.
pub(crate) struct Exports {
    /// By the name of the interface, without package and version, and the name of the function.
    functions: HashMap<String, HashMap<String, ComponentExportIndex>>,
    /// The first interface or function of the contract that is not there.
    missing: Option<String>,
}

impl Exports {
    pub(crate) fn find(component: &InstancePre<CallState>) -> Self {
        let (engine, exporter) = (component.engine(), component.component());
        let mut functions = HashMap::<String, HashMap<_, _>>::new();
        for (path, item) in exporter.component_type().exports(engine) {
            let ComponentItem::ComponentInstance(instance) = item.ty else {
                continue;
            };
            let Some(interface) = path.strip_prefix(PACKAGE) else {
                continue;
            };
            let interface = interface.split('@').next().unwrap_or(interface);
            let place = exporter.get_export_index(None, path);
            let found = functions.entry(interface.to_owned()).or_default();
            for (name, _) in instance.exports(engine) {
                let index = exporter.get_export_index(place.as_ref(), name);
                found.extend(index.map(|index| (name.to_owned(), index)));
            }
        }
        Self {
            functions,
            missing: missing(component),
        }
    }

    /// What the contract has and the component has not.
    pub(crate) fn missing(&self) -> Option<&str> {
        self.missing.as_deref()
    }

    /// A function of an instance. Its types are compared with those of the component at each call; so only the one that is called is looked at,
    /// and not all of its interface, as with the `Guest` that wasmtime generates.
    pub(super) fn function<P, R>(
        &self,
        store: &mut Store<CallState>,
        instance: &Instance,
        (interface, name): (&str, &str),
    ) -> Result<TypedFunc<P, R>, String>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        let functions = self.functions.get(interface);
        let index = functions.and_then(|functions| functions.get(name));
        let index = index.ok_or_else(|| format!("no function `{interface}.{name}`"))?;
        instance
            .get_typed_func(store, index)
            .map_err(|error| format!("`{interface}.{name}` with other types: {error:#}"))
    }
}

macro_rules! interfaces {
    ($($module:ident),+ $(,)?) => {
        /// What wasmtime says of the first interface that is not there as a whole.
        fn missing(component: &InstancePre<CallState>) -> Option<String> {
            let checks = [$(wit::$module::GuestIndices::new(component).err(),)+];
            checks.into_iter().flatten().next().map(|error| error.to_string())
        }
    };
}

interfaces!(
    accounts,
    diagnosis,
    graph,
    interactive,
    media,
    messages,
    phone_numbers,
    plugin,
    templates,
    webhooks
);
