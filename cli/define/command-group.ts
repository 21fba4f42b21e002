/** How the commands of a group are loaded when they are used, and where their exit codes go. */
export type CommandGroup<Commands> = { readonly load: () => Promise<Commands>; readonly exit: (code: number) => void };
