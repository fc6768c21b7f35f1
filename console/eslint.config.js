/** Rules for the console's own code; types are checked by the compiler. */
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.ts", "test-results", "playwright-report"] },
  ...tseslint.configs.strictTypeChecked,
  hooks.configs.flat.recommended,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js", "scripts/*.mjs"] } } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allow: ["URLSearchParams"] }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      "@typescript-eslint/no-base-to-string": "off",
      "max-lines": ["error", 400],
      "max-lines-per-function": ["error", { max: 90, skipBlankLines: true, skipComments: true }],
      "no-console": "error",
      "no-warning-comments": "error",
      // Text of logs leaves through React's text nodes, and through nothing else.
      "no-restricted-syntax": [
        "error",
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "Log text is hostile: show it with Untrusted." },
        { selector: "AssignmentExpression[left.property.name=/^(inner|outer)HTML$/]", message: "Log text is hostile: show it with Untrusted." },
      ],
    },
  },
  {
    files: ["tests/**", "**/*.test.ts"],
    rules: { "max-lines-per-function": "off", "@typescript-eslint/no-non-null-assertion": "off", "no-empty-pattern": "off", "react-hooks/rules-of-hooks": "off", "no-control-regex": "off" },
  },
  { files: ["scripts/*.mjs", "eslint.config.js"], ...tseslint.configs.disableTypeChecked },
);
