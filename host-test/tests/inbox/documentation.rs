//! The recipe in `docs/` is what is done here.

use std::path::Path;

#[test]
fn the_sql_of_the_recipe_is_that_of_the_inbox() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(project.join(path)).unwrap();
    let in_one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut done = String::new();
    for name in [
        "schema.sql",
        "mod.rs",
        "deliveries.rs",
        "reading.rs",
        "starts.rs",
        "windows.rs",
    ] {
        done.push_str(&in_one_line(&read(&format!("src/inbox/store/{name}"))));
    }
    let recipe = read("../docs/inbox.md");
    let mut blocks = 0;
    for block in recipe.split("```sql\n").skip(1) {
        let (sql, _) = block.split_once("```").unwrap();
        for statement in sql.split("\n\n") {
            let statement = in_one_line(statement);
            assert!(
                done.contains(statement.trim_end_matches(';')),
                "not done: {statement}"
            );
            blocks += 1;
        }
    }
    assert_eq!(blocks, 9);
}
