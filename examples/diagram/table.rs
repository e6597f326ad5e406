//! The table of `src/activation/transitions.md`, read from its Markdown.

/// A row of the guest's tables: an input, or what is due, in some states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The input, or what is due.
    pub input: String,
    /// The kinds of states, or "others" alone.
    pub states: Vec<String>,
    /// What else decides.
    pub when: Vec<String>,
    /// The kind of the next state; "=" for the same.
    pub next: String,
    /// What is put out, in order.
    pub outputs: Vec<String>,
}

/// The cells of every table row under a heading, without the table's own head.
pub fn cells(text: &str, heading: &str) -> Vec<Vec<String>> {
    let mut lines = text
        .lines()
        .skip_while(|line| line.strip_prefix("## ") != Some(heading))
        .skip(1)
        .take_while(|line| !line.starts_with("## "))
        .filter(|line| line.starts_with('|'));
    let width = lines.next().map_or(0, |head| head.matches('|').count());
    let mut rows = Vec::new();
    for line in lines.skip(1) {
        assert_eq!(line.matches('|').count(), width, "{line}");
        let inner = line.trim_matches('|');
        rows.push(
            inner
                .split('|')
                .map(|cell| cell.trim().to_owned())
                .collect(),
        );
    }
    assert!(!rows.is_empty(), "no table under {heading}");
    rows
}

fn list(cell: &str) -> Vec<String> {
    cell.split(',')
        .map(|word| word.trim().to_owned())
        .filter(|word| !word.is_empty() && word != "-")
        .collect()
}

/// The rows under a heading that has state, when, next and outputs.
pub fn rows(text: &str, heading: &str) -> Vec<Row> {
    let row = |cells: Vec<String>| {
        let [input, states, when, next, outputs] = cells.try_into().expect("five columns");
        Row {
            input,
            states: list(&states),
            when: list(&when),
            next,
            outputs: list(&outputs),
        }
    };
    cells(text, heading).into_iter().map(row).collect()
}
