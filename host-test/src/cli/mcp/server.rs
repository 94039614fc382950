//! Answers an agent's runtime.

use host_test::{Account, CallError};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::Value;

use super::super::refusal;
use super::tools::Tools;

/// What a model has to know of all tools.
const INSTRUCTIONS: &str = "The WhatsApp Business Cloud API. A free-form message reaches a customer only within 24 hours of the customer's last message; outside of \
them send a template (send-template). Phone numbers have a country code: +491701234567. A failed call returns `case` and `advice`: do what the advice says. Never repeat a send after \
`permanent-outcome-unknown`: the message may have arrived.";

/// One connection and what is offered of it.
pub struct Server {
    account: Account,
    tools: Tools,
}

impl Server {
    /// A server for this connection.
    pub fn new(account: Account, tools: Tools) -> Self {
        Self { account, tools }
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let name = Implementation::new("whatsapp-connector", env!("CARGO_PKG_VERSION"));
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(name)
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(self.tools.all()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.tools.find(name).cloned()
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = self.tools.find(&request.name) else {
            let problem = format!(
                "there is no tool `{}`; tools/list names those that are offered",
                request.name
            );
            return Err(ErrorData::invalid_params(problem, None));
        };
        let input = Value::Object(request.arguments.unwrap_or_default());
        // A model can act on a refusal, so that is an answer; what the host itself cannot do is none.
        let result = match self.account.invoke(&tool.name, &input).await {
            Ok(output) => CallToolResult::structured(output),
            Err(CallError::Refused(error)) => {
                CallToolResult::structured_error(refusal::to_json(&error))
            }
            Err(problem) => return Err(ErrorData::internal_error(problem.to_string(), None)),
        };
        Ok(result.into())
    }
}
