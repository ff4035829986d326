fn main() -> std::process::ExitCode {
    gradien::cli::main()
}
