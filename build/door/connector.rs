use super::entry::{Own, free, keep, text};
use crate::door::{self, Lowered};
use crate::graph::transport::HostTransport;
use crate::plugin;

/// Runs the action with this number.
fn call(index: usize, arguments: u32) -> u32 {
    keep(door::typed(&HostTransport, index, &mut Own, arguments))
}

#[unsafe(export_name = "whatsapp:connector/plugin@VERSION#describe")]
extern "C" fn describe() -> u32 {
    keep(Lowered::of_text(&plugin::describe()))
}

#[unsafe(export_name = "whatsapp:connector/plugin@VERSION#invoke")]
extern "C" fn invoke(
    action: u32,
    action_length: u32,
    connection: u32,
    connection_length: u32,
    input: u32,
    input_length: u32,
) -> u32 {
    let (action, connection) = (text(action, action_length), text(connection, connection_length));
    let input = text(input, input_length);
    let result = plugin::invoke(&HostTransport, &action, &connection, &input);
    keep(door::text_result(result))
}

#[unsafe(export_name = "cabi_post_whatsapp:connector/plugin@VERSION#describe")]
extern "C" fn free_describe(result: u32) {
    free(result)
}

#[unsafe(export_name = "cabi_post_whatsapp:connector/plugin@VERSION#invoke")]
extern "C" fn free_invoke(result: u32) {
    free(result)
}
