/** The sets a `$metadata` document tells of (business-central-api section 1). */
import { describe, expect, it } from 'vitest';
import { setsIn } from './standardSets.ts';

const text = `<?xml version="1.0"?><edmx:Edmx><edmx:DataServices><Schema Namespace="Microsoft.NAV">
<EntityType Name="customer"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid"/></EntityType>
<EntityType Name="archive">
  <Property Name="number" Type="Edm.String" MaxLength="20"/>
  <Property Name="orderDate" Type="Edm.Date"/>
  <NavigationProperty Name="lines" Type="Collection(Microsoft.NAV.line)"/>
</EntityType>
<EntityContainer Name="NAV">
  <EntitySet Name="customers" EntityType="Microsoft.NAV.customer"/>
  <EntitySet Name="archives" EntityType="Microsoft.NAV.archive"/>
</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;

describe('sets in metadata', () => {
  it('have the properties of their type, without its navigation', () => {
    expect(setsIn(text)).toEqual(
      new Map([
        ['customers', new Set(['id'])],
        ['archives', new Set(['number', 'orderDate'])],
      ]),
    );
  });

  it('are none where the text is something else', () => {
    expect(setsIn('<html></html>').size).toBe(0);
  });
});
