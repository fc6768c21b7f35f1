/** What else a credential was used for. */
import type { Use } from "../api/types";
import { Line } from "../text/Untrusted";
import { Time } from "../time/Time";

export function OtherUses({ uses }: { uses: Use[] }) {
  return (
    <table className="uses">
      <thead>
        <tr>
          <th scope="col">Call</th>
          <th scope="col">First</th>
          <th scope="col" className="number">
            Times
          </th>
        </tr>
      </thead>
      <tbody>
        {uses.map((use, index) => (
          <tr key={index}>
            <th scope="row">
              <Line text={use.event_name} limit={48} />
              {use.error_code !== undefined && (
                <small className="refused">
                  refused: <Line text={use.error_code} limit={40} />
                </small>
              )}
            </th>
            <td>
              <Time at={use.first} />
            </td>
            <td className="number">{use.count.toLocaleString("en")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
