//! The `backlings` command.

fn main() -> std::process::ExitCode {
    backlings::cli::main()
}
